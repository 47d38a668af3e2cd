# npm install @playwright/test@1.65.1 playwright-ctrf-json-reporter@0.0.29
record report.json npx playwright test
cp "$RUNS/report.json.txt" "$RUNS/ctrf.json.txt"  # one run wrote both
