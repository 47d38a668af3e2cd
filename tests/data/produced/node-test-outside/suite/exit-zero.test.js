const { test, describe, before, after } = require('node:test');
test('adds', () => {}); test('exits', () => { process.exit(0); }); test('never', () => { throw new Error('no'); });
