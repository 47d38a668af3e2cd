const { JUnitXmlReporter } = require('jasmine-reporters');

jasmine.getEnv().addReporter(
  new JUnitXmlReporter({ savePath: 'reports', filePrefix: 'report', consolidateAll: true }),
);
