const assert = require('assert');
let tries = 0;
it('at last', function () { this.retries(1); tries += 1; assert.strictEqual(tries, 2); });
it('never', function () { this.retries(1); assert.fail('each time'); });
