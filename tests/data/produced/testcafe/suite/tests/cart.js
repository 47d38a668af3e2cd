import { Selector } from 'testcafe';

fixture('cart').page('../page.html').meta({ area: 'shop' });

test('adds an item', async t => {
  console.log('adding größe-注文');
  await t.expect(1 + 1).eql(2);
});

test.meta({ ticket: 'SHOP-7' })('totals', async t => {
  await t.expect(Selector('#total').innerText).eql('8 €', 'the total', { timeout: 100 });
});

for (const count of [1, 2]) {
  test(`costs ${count * 5} for ${count}`, async t => {
    await t.expect(count).eql(1);
  });
}

test('throws \u001b[31mred\u001b[0m', async () => {
  throw new Error('bell \u0007 and escape \u001b[1m');
});

test.skip('is not on CI', async () => {});

let attempts = 0;
test('is flaky', async t => {
  attempts += 1;
  await t.expect(attempts).eql(2);
});
