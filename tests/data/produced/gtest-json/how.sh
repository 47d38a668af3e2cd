# apt-get install g++ libgtest-dev (1.12.1-0.2)
# googletest 1.18.0, its source at /opt/tools: g++ -std=c++17 -I include -I . -c src/gtest-all.cc src/gtest_main.cc
new="-std=c++17 -I /opt/tools/googletest/include /opt/tools/googletest/gtest-all.o"
g++ cart_test.cc -o cart_test -lgtest -lgtest_main
g++ outside_test.cc -o outside_test -lgtest
g++ cart_test.cc -o new_cart_test $new /opt/tools/googletest/gtest_main.o
g++ outside_test.cc -o new_outside_test $new
for kind in json xml; do
    record report.$kind ./cart_test --gtest_output=$kind:reports/report.$kind
    record new.$kind ./new_cart_test --gtest_output=$kind:reports/new.$kind
done
run() {
    local report=$1 program=$2
    shift 2
    record "$report.json" "./$program" --gtest_output="json:reports/$report.json" "$@"
}
run suites outside_test --gtest_filter='SetUpSuite.*:TearDown*:Green.*'
run new-suites new_outside_test --gtest_filter='SetUpSuite.*:TearDown*:Green.*'
export BROKEN_SET_UP=yes
run environment outside_test --gtest_filter='Green.*'
run new-environment new_outside_test --gtest_filter='Green.*'
unset BROKEN_SET_UP
export BROKEN_TEAR_DOWN=yes
run tear-down outside_test --gtest_filter='Green.*'
unset BROKEN_TEAR_DOWN
run none outside_test --gtest_filter='Absent.*'
run crash outside_test --gtest_filter='Crash.*:Green.*'
run repeat outside_test --gtest_filter='Green.*:TearDownEach.*' --gtest_repeat=2
export GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=0
run shard cart_test --gtest_shuffle
