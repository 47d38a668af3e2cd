export default { test: { globalSetup: './down.js' } };
