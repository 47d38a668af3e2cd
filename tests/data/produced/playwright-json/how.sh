# npm install @playwright/test@1.65.1 playwright-ctrf-json-reporter@0.0.29
record report.json npx playwright test
for report in ctrf.json report.xml; do cp "$RUNS/report.json.txt" "$RUNS/$report.txt"; done  # one run wrote all
