# apt-get install g++ doctest-dev (2.4.9-3)
g++ -o cart_test cart_test.cpp
record report.xml ./cart_test --reporters=xml --duration=true --out=reports/report.xml
record junit.xml ./cart_test --reporters=junit --out=reports/junit.xml
