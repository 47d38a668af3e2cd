# npm install deno@2.9.6
npx deno test --junit-path=reports/report.xml
