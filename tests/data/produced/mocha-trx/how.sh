# npm install mocha@11.8.0 mocha-trx-reporter@3.3.1
record report.trx npx mocha --reporter mocha-trx-reporter --reporter-options output=reports/report.trx
record not-executed.trx npx mocha --reporter mocha-trx-reporter --reporter-options output=reports/not-executed.trx,treatPendingAsNotExecuted
record xunit.xml npx mocha --reporter xunit --reporter-options output=reports/xunit.xml
