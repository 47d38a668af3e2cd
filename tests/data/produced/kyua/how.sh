# apt-get install kyua (0.13+git20190402)
export PATH=/usr/bin:/bin HOME=/tmp
unset OLDPWD
record report.xml kyua test
kyua report-junit --output=reports/report.xml
