const { test, describe, before, after } = require('node:test');
test('throws behind', () => { setTimeout(() => { throw new Error('behind'); }, 10); });
