describe('after each', () => {
  afterEach(() => { throw new Error('left open'); });
  it('adds', () => {});
  it('never runs', () => {});
});
