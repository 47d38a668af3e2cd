RSpec.describe(Missing) {}
