RSpec.describe('cart') { before(:context) { raise 'no database' }; it('adds') {}; it('totals') {} }
