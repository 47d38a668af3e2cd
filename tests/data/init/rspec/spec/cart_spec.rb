RSpec.describe "cart" do
  it("adds") { expect(1 + 2).to eq(3) }
  it("is wrong") { expect(1 + 1).to eq(3) }
end
