# npm install deno@2.9.6
record report.xml npx deno test --junit-path=reports/report.xml
