const { test, describe, before, after } = require('node:test');
before(() => { throw new Error('no database'); }); test('adds', () => {});
