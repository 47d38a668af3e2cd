const assert = require('assert');

describe('cart', () => {
  it('adds an item', async () => {
    console.log('adding größe-注文');
    await browser.url('data:text/html,<h1>7</h1>');
  });

  it('totals', () => {
    assert.strictEqual(7, 8);
  });

  it.skip('is not on CI', () => {});

  let attempts = 0;
  it('is flaky', function () {
    this.retries(1);
    attempts += 1;
    assert.strictEqual(attempts, 2);
  });

  describe('when it is empty', () => {
    it('costs nothing', () => {});
  });
});

describe('orders', () => {
  before(() => {
    throw new Error('no database');
  });

  it('is never run', () => {});
});
