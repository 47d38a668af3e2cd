module.exports = { testDir: 'tests', retries: Number(process.env.RETRIES || 0), timeout: 1000,
  globalTeardown: process.env.DOWN, globalSetup: process.env.UP, globalTimeout: Number(process.env.WHOLE || 0), outputDir: '/tmp/results',
  failOnFlakyTests: Boolean(process.env.STRICT), forbidOnly: Boolean(process.env.STRICT),
  reporter: [['list'], ['junit', { outputFile: `reports/${process.env.NAME}.xml` }], ['json', { outputFile: `reports/${process.env.NAME}.json` }]] };
