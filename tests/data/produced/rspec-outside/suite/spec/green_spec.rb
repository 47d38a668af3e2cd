RSpec.describe('green') { it('adds') {} }
