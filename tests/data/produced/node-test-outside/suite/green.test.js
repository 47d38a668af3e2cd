const { test, describe, before, after } = require('node:test');
test('adds', () => {});
