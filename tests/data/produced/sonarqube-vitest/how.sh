# npm install vitest@4.1.12 vitest-sonar-reporter@3.0.0
run() {
    record "$1.xml" timeout 60 npx vitest run --reporter=default --reporter=vitest-sonar-reporter \
        --outputFile.vitest-sonar-reporter="reports/$1.xml" "${@:2}"
}
run report src
for name in after-file load crash; do
    run $name $name.test.js green.test.js
done
run good green.test.js
