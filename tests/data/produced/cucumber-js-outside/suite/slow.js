const { Before, setDefaultTimeout } = require('@cucumber/cucumber');
setDefaultTimeout(100);
Before(() => new Promise(() => {}));
