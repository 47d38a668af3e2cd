# apt-get install g++ libunittest++-dev (2.0.0-5)
g++ -o cart_test cart_test.cpp $(pkg-config --cflags --libs UnitTest++)
record report.xml ./cart_test
