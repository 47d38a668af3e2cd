RSpec.describe('cart') {
