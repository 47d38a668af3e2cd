# npm install @cucumber/cucumber@12.9.0
record report.ndjson npx cucumber-js --retry 1 --retry-tag-filter @flaky --format progress --format message:reports/report.ndjson --format json:reports/report.json
outside() {
    record "$1.ndjson" timeout 30 npx cucumber-js --require outside/steps.js --format progress --format message:"reports/$1.ndjson" "${@:2}"
}
for name in before-all after-all exit load; do outside $name --require outside/$name.js outside/features; done
outside syntax outside/broken.feature outside/features
outside none --tags @absent outside/features
