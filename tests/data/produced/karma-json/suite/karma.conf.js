module.exports = (config) => {
  const name = process.env.NAME;
  config.set({
    frameworks: ['jasmine'],
    files: process.env.FILES.split(' '),
    browsers: (process.env.BROWSERS || 'Chrome').split(' '),
    customLaunchers: {
      Chrome: { base: 'ChromeHeadless', flags: ['--no-sandbox', '--disable-gpu'] },
      Second: { base: 'ChromeHeadless', flags: ['--no-sandbox', '--disable-gpu', '--user-agent=Second Chrome/99.0'] },
    },
    client: { jasmine: { random: false } },
    browserNoActivityTimeout: 8000,
    browserDisconnectTimeout: 1000,
    jsonReporter: { stdout: false, outputFile: `reports/${name}.json` },
    junitReporter: { outputDir: 'reports', outputFile: `${name}.xml`, useBrowserName: false },
    singleRun: true,
  });
};
