describe("cart", function()
  it("adds an item", function()
    print("adding größe-注文")
    assert.are.equal(2, 1 + 1)
  end)

  it("totals", function()
    assert.are.equal("8 €", "7 €")
  end)

  it("asks the database", function()
    error("no database")
  end)

  pending("is to be written")

  describe("when it is empty", function()
    it("costs nothing", function() end)
  end)
end)
