fixture('exit').page('./page.html');
test('exits', async () => { process.exit(3); });
