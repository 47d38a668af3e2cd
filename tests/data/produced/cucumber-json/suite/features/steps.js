const assert = require("assert");
const { After, Given, When, Then } = require("@cucumber/cucumber");

let held;
Given("a cart", () => { held = 0; });
When("I add {int} item(s)", (count) => { held += count; });
Then("it holds {int} item(s)", function (count) { this.log("counting"); assert.strictEqual(held, count); });
Given("it is not on CI", () => "skipped");
After({ tags: "@smoke" }, function () {
  this.attach(Buffer.from("89504e470d0a1a0a00", "hex"), { mediaType: "image/png", fileName: "cart.png" });
  this.attach("a receipt for größe 38", "text/plain");
});
Given("a broken database", () => { throw new Error("no database"); });
