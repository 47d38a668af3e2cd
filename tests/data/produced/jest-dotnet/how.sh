# npm install jest@30.5.2 jest-trx-results-processor@3.0.2 jest-nunit-reporter@1.3.1 jest-junit@17.0.0
export JEST_JUNIT_CLASSNAME='{classname}' JEST_JUNIT_TITLE='{title}' JEST_JUNIT_ADD_FILE_ATTRIBUTE=true
export JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true JEST_JUNIT_OUTPUT_FILE=reports/report.xml
record report.trx npx jest --ci
cp "$RUNS/report.trx.txt" "$RUNS/report.xml.txt"  # one run wrote both
record nunit2.xml npx jest --ci --reporters default --testResultsProcessor ./node_modules/jest-nunit-reporter
mv test-report.xml reports/nunit2.xml
