Deno.test("adds an item", () => {
  console.log("adding größe-注文");
});

Deno.test("totals", () => {
  throw new Error("7 € is not 8 €");
});

Deno.test("throws a bell", () => {
  throw new Error("bell \u0007 and escape \u001b[1m");
});

Deno.test.ignore("is not on CI", () => {});

Deno.test("cart", async (t) => {
  await t.step("costs nothing", () => {});
  await t.step("when it is full", async (t) => {
    await t.step("costs much", () => {
      throw new Error("no");
    });
  });
});
