# apt-get install lua-busted (2.1.1-1)
record report.xml busted --output=junit -Xoutput reports/report.xml
