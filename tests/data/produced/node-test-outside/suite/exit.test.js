const { test, describe, before, after } = require('node:test');
test('adds', () => {}); test('exits', () => { process.exit(3); });
