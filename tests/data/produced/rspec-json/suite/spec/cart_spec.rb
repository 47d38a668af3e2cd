RSpec.describe "cart" do
  it("adds an item") { expect(1 + 1).to eq 2 }
  it("totals") { expect(7).to eq 8 }
  it("fails by an error") { raise ArgumentError, "no database" }
  it "is to be written"
  it("is skipped") { skip "not on CI" }
  context("when empty") { it("costs nothing") { expect(0).to be_zero } }
end
