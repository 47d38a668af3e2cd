# npm install jasmine@7.0.0 jasmine-reporters@2.5.2
record report.xml npx jasmine --helper=reporter.js --random=false 'spec/*.spec.js'
