# npm install @cucumber/cucumber@12.9.0
record report.json npx cucumber-js --format json:reports/report.json
