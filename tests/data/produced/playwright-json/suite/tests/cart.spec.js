const fs = require("fs");
const { expect, test } = require("@playwright/test");

test.describe("cart", () => {
  test("adds an item @smoke", async ({}, info) => {
    console.log("größe 38");
    await info.attach("cart", { body: JSON.stringify({ items: 1 }), contentType: "application/json" });
    await test.step("put it in", async () => {
      await test.step("count", async () => {});
    });
  });
  test("totals", async ({}, info) => {
    const path = info.outputPath("total.txt");
    fs.writeFileSync(path, `try ${info.retry}`);
    await info.attach("total", { path });
    expect(7).toBe(8);
  });
  test("is flaky", async ({}, info) => { expect(info.retry, "not yet").toBe(1); });
  test.skip("is not on CI", () => {});
  test.fixme("is to be mended", () => {});
  test.describe("when it is empty", () => {
    test("costs nothing", () => {});
    test("is known to fail", () => { test.fail(); expect(1).toBe(2); });
    test("is slow", async () => { test.setTimeout(50); await new Promise(() => {}); });
  });
});
