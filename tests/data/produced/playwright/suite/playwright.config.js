module.exports = {
  testDir: 'tests',
  retries: 1,
  workers: 1,
  outputDir: 'reports/test-results',
  projects: [{ name: 'desktop' }, { name: 'phone' }],
  reporter: [['junit', { outputFile: 'reports/report.xml', embedAnnotationsAsProperties: true }]],
};
