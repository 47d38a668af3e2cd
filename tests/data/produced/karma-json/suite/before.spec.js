describe('before', () => {
  beforeAll(() => { throw new Error('no database'); });
  it('adds', () => {});
});
