# npm install jest@30.5.2 jest-junit@17.0.0
run() { JEST_JUNIT_OUTPUT_FILE="reports/$1" record "$1" timeout 30 npx jest --ci "${@:2}"; }
for name in before-all after-all after-file load syntax exit crash slow none again late coverage snapshot; do
    run $name.xml $name.test.js green.test.js
done
JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true run load-told.xml load.test.js green.test.js
JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true run after-file-told.xml after-file.test.js green.test.js
run global-setup.xml --globalSetup ./global.js green.test.js
run global-teardown.xml --globalTeardown ./global.js green.test.js
run missing.xml absent.test.js
run pass-with-none.xml --passWithNoTests absent.test.js
run threshold.xml --coverage --coverageThreshold '{"global": {"branches": 90}}' coverage.test.js
run bail.xml --bail before-all.test.js
