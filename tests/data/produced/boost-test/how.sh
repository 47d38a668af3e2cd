# apt-get install g++ libboost-test-dev (1.74.0.3)
g++ cart_test.cpp -o cart_test
record report.xml ./cart_test --log_format=JUNIT --log_sink=reports/report.xml --log_level=all
