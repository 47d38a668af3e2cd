# apt-get install g++ doctest-dev (2.4.9~ds-1)
g++ cart_test.cpp -o cart_test
record report.xml ./cart_test --reporters=junit --out=reports/report.xml
