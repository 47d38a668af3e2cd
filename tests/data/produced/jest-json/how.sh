# npm install jest@30.5.2 jest-junit@17.0.0
export JEST_JUNIT_CLASSNAME='{classname}' JEST_JUNIT_TITLE='{title}' JEST_JUNIT_ADD_FILE_ATTRIBUTE=true
export JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true JEST_JUNIT_OUTPUT_FILE=reports/report.xml
run() {
    record "$1.json" timeout 60 npx jest --ci --testLocationInResults --json --outputFile="reports/$1.json" "${@:2}"
}
run report src --reporters=default --reporters=jest-junit
for name in before-all after-all after-file load again late snapshot obsolete; do
    run $name $name.test.js green.test.js
done
