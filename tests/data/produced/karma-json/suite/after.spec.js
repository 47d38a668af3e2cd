describe('after', () => {
  afterAll(() => { throw new Error('left open'); });
  it('adds', () => {});
});
