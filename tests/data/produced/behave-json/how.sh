# pip install behave==1.3.3
record report.json behave --format json --outfile reports/report.json
