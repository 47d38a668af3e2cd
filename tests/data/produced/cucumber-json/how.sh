# npm install @cucumber/cucumber@12.9.0
record report.json npx cucumber-js --format json:reports/report.json --format junit:reports/report.xml
cp "$RUNS/report.json.txt" "$RUNS/report.xml.txt"  # one run wrote both
