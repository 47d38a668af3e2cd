const { test, expect } = require('@playwright/test');
test.afterAll(() => { throw new Error('left open'); }); test('adds', () => {}); test('totals', () => {});
