# npm install testcafe@3.7.6 testcafe-reporter-xunit@2.2.3
# apt-get install chromium
browser='chromium:headless --no-sandbox --disable-gpu'
run() {
    record "$1.json" timeout "${LIMIT:-60}" npx testcafe "$browser" "${@:2}" --reporter "spec,json:reports/$1.json"
}
record report.json timeout 120 npx testcafe "$browser" tests --quarantine-mode attemptLimit=3,successThreshold=1 \
    --reporter spec,json:reports/report.json,xunit:reports/report.xml
run shots --screenshots path=shots,takeOnFails=true,pathPattern='${TEST_INDEX}.png' shots.js
for name in after after-each script load exit late skipped same; do run $name green.js $name.js; done
run none none.js
run stop --stop-on-first-fail stop.js green.js
run global --config-file global.js green.js
run global-after --config-file global-after.js green.js
LIMIT=6 run slow green.js slow.js
run time-out --test-execution-timeout 500 green.js slow.js
run run-time-out --run-execution-timeout 1500 green.js slow.js
# A run that was stopped, or that did not begin, leaves an empty file.
find reports -size 0 -delete
