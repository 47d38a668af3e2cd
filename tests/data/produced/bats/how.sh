# apt-get install bats (1.8.2-1)
record report.xml bats --report-formatter junit --output reports .
