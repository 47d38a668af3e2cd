# npm install jest@30.5.2 jest-sonar@0.2.16 jest-sonar-reporter@2.0.0
run() {
    JEST_SONAR_OUTPUT_DIR=reports JEST_SONAR_OUTPUT_NAME="$1.xml" record "$1.xml" npx jest --ci "${@:2}" \
        --reporters=default --reporters=jest-sonar
}
run report src
run load load.test.js green.test.js
run after-file after-file.test.js green.test.js
run good green.test.js
record reporter.xml npx jest --ci src \
    --testResultsProcessor=jest-sonar-reporter
mv test-report.xml reports/reporter.xml
