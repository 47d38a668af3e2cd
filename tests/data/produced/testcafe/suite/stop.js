fixture('stop').page('./page.html');
test('fails', async () => { throw new Error('first'); });
test('never runs', async () => {});
