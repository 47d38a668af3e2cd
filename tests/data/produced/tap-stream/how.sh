# apt-get install perl nodejs (20); pip install pytest==8.4.2 pytest-tap==3.5 pytest-json-ctrf==0.6.1
tests() { perl t/cart.t >reports/perl.tap; }
record perl.tap tests
node_tests() { node --test --test-reporter=tap cart.test.mjs >reports/node.tap; }
record node.tap node_tests
record pytest.tap pytest --tap-combined --tap-outdir reports tests
mv reports/testresults.tap reports/pytest.tap
record ctrf.json pytest --ctrf reports/ctrf.json tests
