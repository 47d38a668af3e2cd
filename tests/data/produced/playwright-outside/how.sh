# npm install @playwright/test@1.65.1; these tests need no browser
run() {
    NAME=$1 record "$1.json" timeout 60 npx playwright test "${@:2}"
    cp "$RUNS/$1.json.txt" "$RUNS/$1.xml.txt"  # one run wrote both
}
for name in before-all after-all exit slow never late load; do run $name $name green; done
RETRIES=1 run again flaky never
RETRIES=1 run flaky flaky green
RETRIES=1 STRICT=yes run flaky-strict flaky green
STRICT=yes run focused focused green
UP=./broken.js run global-setup green
DOWN=./broken.js run global-teardown green
WHOLE=500 run global-timeout slow green
run missing absent
run pass-with-none --pass-with-no-tests absent
run stopped --max-failures 1 never slow
