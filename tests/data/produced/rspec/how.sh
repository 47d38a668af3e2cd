# apt-get install ruby-rspec (3.12.0c0e1m1s0-1) ruby-rspec-junit-formatter (0.4.1-2)
record report.xml rspec --require rspec_junit_formatter --format progress --format RspecJunitFormatter --out reports/report.xml --order defined
