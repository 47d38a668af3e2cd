require('./not-there');

test('is never seen', () => {});
