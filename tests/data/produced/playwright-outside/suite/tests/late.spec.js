const { test, expect } = require('@playwright/test');
test('throws behind', async () => { setTimeout(() => { throw new Error('behind'); }, 10); await new Promise((d) => setTimeout(d, 200)); });
