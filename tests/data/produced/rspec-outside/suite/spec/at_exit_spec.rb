at_exit { exit 4 }
RSpec.describe('cart') { it('adds') {} }
