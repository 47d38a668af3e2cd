# npm install @playwright/test@1.65.1; these tests need no browser
record report.xml npx playwright test
rm -f reports/test-results/.last-run.json
