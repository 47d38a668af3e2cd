# apt-get install lua-busted (2.1.1-1)
busted --output=junit -Xoutput reports/report.xml
