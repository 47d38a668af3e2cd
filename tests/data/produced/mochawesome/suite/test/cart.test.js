const assert = require('node:assert');
const addContext = require('mochawesome/addContext');

describe('cart', function () {
  it('adds an item', function () {
    console.log('adding größe-注文');
    addContext(this, { title: 'basket', value: { items: 1 } });
  });

  it('totals', function () {
    addContext(this, 'out/cart.png');
    assert.strictEqual('7 €', '8 €');
  });

  it('throws \u001b[31mred\u001b[0m and a bell \u0007', function () {
    throw new Error('bell \u0007 and escape \u001b[1m');
  });

  for (const count of [1, 2]) {
    it(`costs ${count * 5} for ${count}`, function () {
      assert.strictEqual(count, 1);
    });
  }

  it.skip('is not on CI', function () {});
  it('is to be written');
  it('skips itself', function () { this.skip(); });

  describe('when it is empty', function () {
    it('costs nothing', function () {});
  });

  let attempts = 0;
  it('is flaky', function () {
    this.retries(2);
    attempts += 1;
    assert.strictEqual(attempts, 2);
  });
});
