describe('orders', function () {
  before('opens the database', function () {
    throw new Error('no database');
  });

  it('is never run', function () {});
});
