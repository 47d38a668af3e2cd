const { test, expect } = require('@playwright/test');
test('never', () => { expect(1).toBe(2); });
