const assert = require('node:assert');
const { After, AfterAll, Before, Given, Then, When } = require('@cucumber/cucumber');

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
Given('a skipped step', () => 'skipped');
Given('a step that is there twice', () => {});
Given(/a step that is there twice/, () => {});
Before({ name: 'connect', tags: '@no-database' }, () => {
  throw new Error('cannot connect');
});
After({ tags: '@left-open' }, () => {
  throw new Error('left open');
});
After({ tags: '@smoke' }, function () {
  this.attach(Buffer.from('89504e470d0a1a0a00', 'hex'), { mediaType: 'image/png', fileName: 'cart.png' });
  this.attach('a receipt for größe 38', 'text/plain');
  this.link('https://shop.example/cart');
});
AfterAll(() => {});
