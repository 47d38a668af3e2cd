# npm install bun@1.4.5
record report.xml npx bun test --reporter=junit --reporter-outfile=reports/report.xml
