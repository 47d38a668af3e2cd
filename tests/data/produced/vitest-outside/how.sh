# npm install vitest@4.1.12
run() {
    record "$1" timeout 60 npx vitest run --reporter=default --reporter=junit --outputFile.junit="reports/$1" "${@:2}"
}
for name in before-all after-all after-file load syntax exit crash slow none again late; do
    run $name.xml $name.test.js green.test.js
done
run global-setup.xml --config up.config.js green.test.js
run global-teardown.xml --config down.config.js green.test.js
run missing.xml absent.test.js
run pass-with-none.xml --passWithNoTests absent.test.js
