fixture('slow').page('./page.html');
test('is slow', async t => { await t.wait(60000); });
