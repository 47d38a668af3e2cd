const { Before } = require('@cucumber/cucumber');
let tries = 0;
Before(() => { tries += 1; if (tries === 1) throw new Error('not yet'); });
