const { test, describe, before, after } = require('node:test');
after(() => { throw new Error('left open'); }); test('adds', () => {});
