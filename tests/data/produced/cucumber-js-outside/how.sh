# npm install @cucumber/cucumber@12.9.0
run() {
    record "$1.xml" timeout 30 npx cucumber-js --require steps.js --format junit:"reports/$1.xml" --format json:"reports/$1.json" --format progress "${@:2}"
    cp "$RUNS/$1.xml.txt" "$RUNS/$1.json.txt"  # one run wrote both
}
for name in before-all after-all after load exit slow; do run $name --require $name.js features; done
run again --retry 1 --require again.js features
run never --retry 1 --require never.js features
run syntax broken.feature features
run missing absent.feature
run none --tags @absent features
