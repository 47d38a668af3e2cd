fixture('same').page('./page.html');
test('adds', async () => { throw new Error('the first'); });
test('adds', async () => {});
