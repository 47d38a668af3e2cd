const { test, describe, before, after } = require('node:test');
const helper = 1;
