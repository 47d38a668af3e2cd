exports.config = {
  specs: ['./test/*.spec.js'],
  capabilities: [
    {
      browserName: 'chrome',
      'goog:chromeOptions': {
        binary: '/usr/bin/chromium',
        args: ['headless', 'no-sandbox', 'disable-gpu'],
      },
      'wdio:chromedriverOptions': { binary: '/usr/bin/chromedriver' },
    },
  ],
  logLevel: 'error',
  framework: 'mocha',
  reporters: [
    'spec',
    [
      'junit',
      {
        outputDir: 'out',
        outputFileFormat: (options) => `wdio-${options.cid}.xml`,
        addFileAttribute: true,
        addWorkerLogs: true,
        classNameFormat: ({ suite }) => suite.fullTitle,
      },
    ],
  ],
};
