describe('after', () => {
  after(() => { throw new Error('left open'); });
  it('adds', () => {});
});
