afterAll(() => { throw new Error('left open'); });
test('adds', () => {});
