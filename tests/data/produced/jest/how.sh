# npm install jest@30.5.2 jest-junit@17.0.0
JEST_JUNIT_OUTPUT_FILE=reports/report.xml record report.xml npx jest --ci
JEST_JUNIT_OUTPUT_FILE=reports/with-files.xml JEST_JUNIT_CLASSNAME='{classname}' JEST_JUNIT_TITLE='{title}' \
    JEST_JUNIT_ADD_FILE_ATTRIBUTE=true JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true record with-files.xml npx jest --ci
