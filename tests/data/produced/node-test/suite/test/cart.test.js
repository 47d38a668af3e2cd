const assert = require('node:assert');
const { describe, it, test } = require('node:test');

describe('cart', () => {
  it('adds an item', () => {
    console.log('adding größe-注文');
  });

  it('totals', () => {
    assert.strictEqual('7 €', '8 €');
  });

  it('throws a bell', () => {
    throw new Error('bell \u0007 and escape \u001b[1m');
  });

  for (const count of [1, 2]) {
    it(`costs ${count * 5} for ${count}`, () => {
      assert.strictEqual(count, 1);
    });
  }

  it.skip('is not on CI', () => {});
  it.todo('is to be written');

  describe('when it is empty', () => {
    it('costs nothing', () => {});
  });
});

test('stands alone', () => {});

test('has parts', async (t) => {
  await t.test('part one', () => {});
  await t.test('part two', () => {
    throw new Error('no');
  });
});
