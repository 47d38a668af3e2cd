# npm install jest@30.5.2 jest-trx-results-processor@3.0.2 jest-nunit-reporter@1.3.1
record report.trx npx jest --ci
record nunit2.xml npx jest --ci --reporters default --testResultsProcessor ./node_modules/jest-nunit-reporter
mv test-report.xml reports/nunit2.xml
