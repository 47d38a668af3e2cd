const assert = require("assert");

describe("cart", () => {
  it("adds an item", () => {});
  it("totals", () => assert.strictEqual(7, 8));
  it("is not on CI", function () { this.skip(); });
  it("is to be written");
  let tries = 0;
  it("is flaky", function () { this.retries(2); assert.ok(++tries === 2, "not yet"); });
  describe("when it is empty", () => it("costs nothing", () => {}));
});

describe("orders", () => {
  before(() => { throw new Error("no database"); });
  it("is never run", () => {});
});
