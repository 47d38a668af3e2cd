const { test, expect } = require('@playwright/test');
test('adds', () => {});
