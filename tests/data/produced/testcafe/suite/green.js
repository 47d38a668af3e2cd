fixture('green').page('./page.html');
test('adds', async () => {});
