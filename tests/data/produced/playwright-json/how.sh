# npm install @playwright/test@1.65.1 playwright-ctrf-json-reporter@0.0.29
npx playwright test
