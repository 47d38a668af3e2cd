# npm install vitest@4.1.12
npx vitest run --reporter=junit --outputFile=reports/report.xml
