const { Before } = require('@cucumber/cucumber');
Before(() => { process.exit(3); });
