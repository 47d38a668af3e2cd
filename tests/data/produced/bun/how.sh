# npm install bun@1.4.5
npx bun test --reporter=junit --reporter-outfile=reports/report.xml
