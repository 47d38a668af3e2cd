# apt-get install g++ libboost-test-dev (1.74.0.3)
g++ -o cart_test cart_test.cpp
record log.xml ./cart_test --log_format=XML --log_level=all --log_sink=reports/log.xml --report_level=no
record report.xml ./cart_test --log_format=JUNIT --log_level=all --log_sink=reports/report.xml --report_level=no
record result.xml ./cart_test --report_format=XML --report_level=detailed --report_sink=reports/result.xml --log_level=nothing
