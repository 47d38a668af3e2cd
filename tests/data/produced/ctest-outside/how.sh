# apt-get install cmake (3.25.1-1)
cmake -S . -B build >/dev/null
run() {
    rm -rf build/tried build/Testing
    record "$1.xml" ctest --test-dir build --output-junit "$PWD/reports/$1.xml" -T Test --no-compress-output "${@:2}"
    cp "$RUNS/$1.xml.txt" "$RUNS/$1-native.xml.txt"  # one run wrote both
    if ls build/Testing/2*/Test.xml >/dev/null 2>&1; then cp build/Testing/2*/Test.xml "reports/$1-native.xml"; fi
}
run clean-up -R 'adds|shelf|open'
run set-up -R 'adds|orders'
run skips -R 'adds|skips'
run again -R 'adds|flaky' --repeat until-pass:2
run never -R 'adds|total' --repeat until-pass:2
run until-fail -R 'adds|flaky' --repeat until-fail:2
run slow -R 'adds|slow'
run stopped -R 'total|shelf' --stop-on-failure
run none -R absent
run none-fails -R absent --no-tests=error
