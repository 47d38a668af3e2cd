describe('before all', () => {
  beforeAll(() => { throw new Error('no database'); });
  test('adds', () => {});
});
