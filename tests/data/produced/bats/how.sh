# apt-get install bats (1.8.2-1)
bats --report-formatter junit --output reports .
