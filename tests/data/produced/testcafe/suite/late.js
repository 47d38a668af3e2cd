fixture('late').page('./page.html');
test('throws behind', async () => { setTimeout(() => { throw new Error('behind the test'); }, 5); });
test('waits', async t => { await t.wait(300); });
