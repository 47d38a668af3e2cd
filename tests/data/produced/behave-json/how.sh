# pip install behave==1.3.3
record report.json behave --format json --outfile reports/report.json --junit --junit-directory reports
mv reports/TESTS-cart.xml reports/report.xml
cp "$RUNS/report.json.txt" "$RUNS/report.xml.txt"  # one run wrote both
