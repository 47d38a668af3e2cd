fixture('shots').page('./page.html');
test('totals', async t => { await t.expect(7).eql(8); });
test('shows the page', async t => { await t.takeScreenshot(); });
