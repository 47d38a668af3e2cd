import './a-module-that-is-not-there';
fixture('load').page('./page.html');
test('adds', async () => {});
