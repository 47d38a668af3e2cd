const { test, expect } = require('@playwright/test');
test.only('focused', () => {});
