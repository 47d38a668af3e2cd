describe('cart', () => {
  it('adds an item', () => {
    expect(1 + 1).toBe(2);
  });

  it('totals', () => {
    expect('7 €').toBe('8 €');
    expect('größe').toBe('注文');
  });

  it('throws', () => {
    throw new Error('bell');
  });

  for (const count of [1, 2]) {
    it(`costs ${count * 5} for ${count}`, () => {
      expect(count).toBe(1);
    });
  }

  xit('is not on CI', () => {});
  it('is to be written');

  describe('when it is empty', () => {
    it('costs nothing', () => {
      expect([].length).toBe(0);
    });
  });
});

it('stands alone', () => {});
