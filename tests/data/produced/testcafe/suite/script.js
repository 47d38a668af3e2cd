import { Selector } from 'testcafe';
fixture('script').page('./page.html');
test('clicks', async t => { await t.click(Selector('#add')); });
