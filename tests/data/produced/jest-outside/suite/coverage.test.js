test('costs', () => { expect(require('./price')(1)).toBe(5); });
