const { test, describe, before, after } = require('node:test');
test('never ends', () => new Promise(() => {}));
