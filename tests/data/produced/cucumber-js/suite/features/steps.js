const assert = require('node:assert');
const { Given, Then, When } = require('@cucumber/cucumber');

let attempts = 0;

Given('an empty cart', function () {
  this.cart = [];
});
Given('a cart in the database', () => {
  throw new Error('no database');
});
Given('a flaky cart', () => {
  attempts += 1;
  assert.strictEqual(attempts, 2);
});
When(/I add (\d+) items?/, function (count) {
  this.log('adding größe-注文');
  for (let n = 0; n < Number(count); n += 1) this.cart.push(n);
});
Then(/it holds (\d+) items?/, function (count) {
  assert.strictEqual(this.cart.length, Number(count));
});
Given('a pending step', () => 'pending');
Given('a skipped step', () => 'skipped');
