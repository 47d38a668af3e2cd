fixture.skip('skipped').page('./page.html');
test('adds', async () => {});
