fixture('orders').page('../page.html').before(async () => { throw new Error('no database'); });

test('pays', async () => {});
test('ships', async () => {});
