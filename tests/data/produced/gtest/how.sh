# apt-get install g++ libgtest-dev (1.12.1-0.2)
g++ cart_test.cc -o cart_test -lgtest -lgtest_main
record report.xml ./cart_test --gtest_output=xml:reports/report.xml
