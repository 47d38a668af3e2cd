# apt-get install g++ catch2 (2.13.10-1)
g++ -o cart_test cart_test.cpp
record report.xml ./cart_test --reporter xml --durations yes --out reports/report.xml
record junit.xml ./cart_test --reporter junit --out reports/junit.xml
