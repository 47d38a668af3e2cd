const { test, describe, before, after } = require('node:test');
describe('cart', () => { after(() => { throw new Error('left open'); }); test('adds', () => {}); });
