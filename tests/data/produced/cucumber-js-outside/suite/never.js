const { Before } = require('@cucumber/cucumber');
Before(() => { throw new Error('each time'); });
