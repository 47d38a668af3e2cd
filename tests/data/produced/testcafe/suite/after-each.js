fixture('after each').page('./page.html').afterEach(async () => { throw new Error('left open'); });
test('adds', async () => {});
