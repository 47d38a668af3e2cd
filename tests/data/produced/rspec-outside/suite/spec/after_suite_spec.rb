RSpec.configure { |c| c.after(:suite) { raise 'left open' } }
RSpec.describe('cart') { it('adds') {} }
