# apt-get install g++ libcppunit-dev (1.15.1-4)
g++ -o cart_test cart_test.cpp -lcppunit
record report.xml ./cart_test
