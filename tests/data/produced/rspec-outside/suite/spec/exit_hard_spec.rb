RSpec.describe('cart') { it('exits') { exit! 3 } }
