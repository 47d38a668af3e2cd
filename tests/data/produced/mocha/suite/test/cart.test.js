const assert = require('node:assert');

describe('cart', function () {
  it('adds an item', function () {
    console.log('adding größe-注文');
  });

  it('totals', function () {
    assert.strictEqual('7 €', '8 €');
  });

  it('throws a bell', function () {
    throw new Error('bell \u0007 and escape \u001b[1m');
  });

  for (const count of [1, 2]) {
    it(`costs ${count * 5} for ${count}`, function () {
      assert.strictEqual(count, 1);
    });
  }

  it.skip('is not on CI', function () {});
  it('is to be written');

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

describe('orders', function () {
  before(function () {
    throw new Error('no database');
  });

  it('is never run', function () {});
});
