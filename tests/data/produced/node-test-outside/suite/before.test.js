const { test, describe, before, after } = require('node:test');
describe('cart', () => { before(() => { throw new Error('no database'); }); test('adds', () => {}); });
