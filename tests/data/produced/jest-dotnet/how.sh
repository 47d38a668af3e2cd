# npm install jest@30.5.2 jest-trx-results-processor@3.0.2 jest-nunit-reporter@1.3.1
npx jest --ci
npx jest --ci --reporters default --testResultsProcessor ./node_modules/jest-nunit-reporter
mv test-report.xml reports/nunit2.xml
