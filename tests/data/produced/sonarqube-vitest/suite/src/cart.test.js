import { describe, expect, it } from 'vitest';

describe('cart', () => {
  it('adds an item', () => {
    console.log('adding größe-注文');
    console.error('to standard error');
  });

  it('totals', () => {
    expect('7 €').toBe('8 €');
  });

  it('throws a bell', () => {
    throw new Error('bell \u0007 and escape \u001b[1m');
  });

  it.each([
    [1, 5],
    [2, 11],
  ])('%i items cost %i', (count, price) => {
    expect(count * 5).toBe(price);
  });

  it.skip('is not on CI', () => {});
  it.todo('is to be written');

  describe('when it is empty', () => {
    it('costs nothing', () => {});
  });

  let attempts = 0;
  it('is flaky', { retry: 2 }, () => {
    attempts += 1;
    expect(attempts).toBe(2);
  });
});
