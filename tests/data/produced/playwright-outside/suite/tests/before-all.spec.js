const { test, expect } = require('@playwright/test');
test.beforeAll(() => { throw new Error('no database'); }); test('adds', () => {}); test('totals', () => {});
