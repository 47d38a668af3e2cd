fixture('after').page('./page.html').after(async () => { throw new Error('left open'); });
test('adds', async () => {});
