# apt-get install g++ catch2 (2.13.10-1)
g++ cart_test.cpp -o cart_test
record report.xml ./cart_test --reporter junit --out reports/report.xml
