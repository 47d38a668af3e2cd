describe('cart', () => {
  test('adds an item', () => {
    console.log('adding größe-注文');
    expect(1 + 1).toBe(2);
  });

  test('totals', () => {
    expect('7 €').toBe('8 €');
  });

  test('throws \u001b[31mred\u001b[0m and a bell \u0007', () => {
    throw new Error('bell \u0007 and escape \u001b[1m');
  });

  test.each([
    [1, 5],
    [2, 11],
  ])('%i items cost %i', (count, price) => {
    expect(count * 5).toBe(price);
  });

  test.skip('is not on CI', () => {});
  test.todo('is to be written');

  describe('when it is empty', () => {
    test('costs nothing', () => {});
  });
});

let attempts = 0;
jest.retryTimes(2);
test('is flaky', () => {
  attempts += 1;
  expect(attempts).toBe(2);
});
