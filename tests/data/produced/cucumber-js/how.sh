# npm install @cucumber/cucumber@12.9.0
record report.xml npx cucumber-js --retry 1 --retry-tag-filter @flaky --format junit:reports/report.xml
