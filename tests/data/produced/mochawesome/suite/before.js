describe('before', () => {
  before(() => { throw new Error('no database'); });
  it('adds', () => {});
});
