# npm install tape@5.10.2 tap-xunit@2.4.1 tap-junit@5.0.4
xunit() { node cart.js | npx tap-xunit >reports/tap-xunit.xml; }
record tap-xunit.xml xunit
junit() { node cart.js | npx tap-junit --output reports --name tap-junit.xml; }
record tap-junit.xml junit
