# apt-get install g++ catch2 (2.13.10-1)
g++ cart_test.cpp -o cart_test
run() {
    record "$1.xml" ./cart_test --reporter junit --out "reports/$1.xml" "${@:2}"
    record "$1-native.xml" ./cart_test --reporter xml --out "reports/$1-native.xml" "${@:2}"
}
for name in set-up clean-up exit crash may should; do run $name "[green],[$name]"; done
run nothing --warn NoAssertions '[nothing]'
run none '[absent]'
run none-fails --warn NoTests '[absent]'
