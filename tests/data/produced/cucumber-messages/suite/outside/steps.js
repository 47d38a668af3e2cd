const { Given } = require('@cucumber/cucumber');
Given('a cart', () => {});
