const { After } = require('@cucumber/cucumber');
After(() => { throw new Error('left open'); });
