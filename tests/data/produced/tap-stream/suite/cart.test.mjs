import assert from "node:assert";
import { describe, it, test } from "node:test";

describe("cart", () => {
  it("adds an item", () => {});
  it("totals", () => assert.strictEqual(7, 8));
  it("is not on CI", { skip: "not on CI" }, () => {});
  it("is to be written", { todo: true }, () => {});
  describe("when it is empty", () => { it("costs nothing", () => {}); });
});
test("stands alone", () => {});
