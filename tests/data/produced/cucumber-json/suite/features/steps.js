const assert = require("assert");
const { Given, When, Then } = require("@cucumber/cucumber");

let held;
Given("a cart", () => { held = 0; });
When("I add {int} item(s)", (count) => { held += count; });
Then("it holds {int} item(s)", function (count) { this.log("counting"); assert.strictEqual(held, count); });
Given("it is not on CI", () => "skipped");
Given("a broken database", () => { throw new Error("no database"); });
