const { test, expect } = require('@playwright/test');
test('is slow', () => new Promise(() => {}));
