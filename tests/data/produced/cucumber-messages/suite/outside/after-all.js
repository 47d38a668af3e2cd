const { AfterAll } = require('@cucumber/cucumber');
AfterAll(() => { throw new Error('left open'); });
