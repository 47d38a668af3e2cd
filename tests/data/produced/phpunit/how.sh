# apt-get install phpunit (9.6.7-1+deb12u1)
record report.xml phpunit --log-junit reports/report.xml tests
