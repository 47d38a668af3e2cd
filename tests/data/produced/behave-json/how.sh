# pip install behave==1.3.3
behave --format json --outfile reports/report.json
