const { test, expect } = require('@playwright/test');
test('exits', () => { process.exit(3); });
