RSpec.configure { |c| c.before(:suite) { raise 'no database' } }
RSpec.describe('cart') { it('adds') {} }
