# npm install vitest@4.1.12
record report.xml npx vitest run --reporter=default --reporter=junit --outputFile.junit=reports/report.xml
