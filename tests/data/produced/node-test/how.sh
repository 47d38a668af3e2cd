# Node.js 20.20.2
node --test --test-reporter=junit --test-reporter-destination=reports/report.xml
