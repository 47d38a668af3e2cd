# apt-get install g++ doctest-dev (2.4.9~ds-1)
g++ cart_test.cpp -o cart_test
run() {
    record "$1.xml" ./cart_test --reporters=junit --out="reports/$1.xml" --test-case="$2"
    record "$1-native.xml" ./cart_test --reporters=xml --out="reports/$1-native.xml" --test-case="$2"
}
for name in set-up clean-up exit crash may should slow; do run $name "adds,$name"; done
run none absent
