const { test, expect } = require('@playwright/test');
test('at last', ({}, info) => { expect(info.retry).toBe(1); });
