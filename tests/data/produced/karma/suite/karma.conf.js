module.exports = (config) => {
  config.set({
    frameworks: ['jasmine'],
    files: ['cart.spec.js'],
    browsers: ['Chrome'],
    customLaunchers: {
      Chrome: { base: 'ChromeHeadless', flags: ['--no-sandbox', '--disable-gpu'] },
    },
    reporters: ['junit'],
    junitReporter: { outputDir: 'reports', outputFile: 'report.xml', useBrowserName: false },
    singleRun: true,
  });
};
