# npm install mocha@11.8.0 mocha-junit-reporter@2.2.1
record report.xml npx mocha --reporter mocha-junit-reporter --reporter-options mochaFile=reports/report.xml
record jenkins.xml npx mocha --reporter mocha-junit-reporter --reporter-options mochaFile=reports/jenkins.xml,jenkinsMode=true,includePending=true,outputs=true
record xunit.xml npx mocha --reporter xunit --reporter-options output=reports/xunit.xml
