const { test, describe, before, after } = require('node:test');
test('is slow', { timeout: 100 }, () => new Promise((d) => setTimeout(d, 5000)));
