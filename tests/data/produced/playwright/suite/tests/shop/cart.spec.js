const { expect, test } = require('@playwright/test');

test.describe('cart', () => {
  test('adds an item', async () => {
    console.log('adding größe-注文');
    console.error('to standard error');
    expect(1 + 1).toBe(2);
  });

  test('totals', async ({}, info) => {
    await info.attach('cart.txt', { body: 'a cart of 8 €' });
    expect('7 €').toBe('8 €');
  });

  test.skip('is not on CI', async () => {});

  test.describe('when it is empty', () => {
    test('costs nothing', { annotation: { type: 'issue', description: 'SHOP-7' } }, async () => {});
  });

  test('is flaky', async ({}, info) => {
    expect(info.retry).toBe(1);
  });

  test.fail('is known', async () => {
    throw new Error('known');
  });
});
