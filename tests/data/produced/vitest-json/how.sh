# npm install vitest@4.1.12
run() {
    record "$1.json" timeout 60 npx vitest run --reporter=default --reporter=json \
        --outputFile.json="reports/$1.json" --includeTaskLocation "${@:2}"
}
run report src --reporter=junit --outputFile.junit=reports/report.xml
for name in hook-and-test before-all after-all after-file load again late crash; do
    run $name $name.test.js green.test.js
done
