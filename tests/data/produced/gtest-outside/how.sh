# apt-get install g++ libgtest-dev (1.12.1-0.2)
g++ cart_test.cc -o cart_test -lgtest
run() { record "$1.xml" ./cart_test --gtest_output="xml:reports/$1.xml" --gtest_filter="$2"; }
for name in SetUpSuite TearDownSuite TearDownEach Exit Crash Absent; do run $name "$name.*:Green.*"; done
run none 'Absent.*'
BROKEN_SET_UP=yes run environment-set-up 'Green.*'
BROKEN_TEAR_DOWN=yes run environment-tear-down 'Green.*'
record repeat.xml ./cart_test --gtest_output=xml:reports/repeat.xml --gtest_filter='Green.*:TearDownEach.*' --gtest_repeat=2
