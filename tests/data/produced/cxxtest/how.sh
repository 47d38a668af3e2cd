# apt-get install g++ cxxtest (4.4+git171022-2)
cxxtestgen --xunit-printer --xunit-file reports/report.xml -o runner.cpp CartTest.h
g++ runner.cpp -o runner
record report.xml ./runner
