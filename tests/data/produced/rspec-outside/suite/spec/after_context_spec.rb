RSpec.describe('cart') { after(:context) { raise 'left open' }; it('adds') {} }
