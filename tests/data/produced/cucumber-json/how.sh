# npm install @cucumber/cucumber@12.9.0
npx cucumber-js --format json:reports/report.json
