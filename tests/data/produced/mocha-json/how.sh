# npm install mocha@12.0.3 mocha-ctrf-json-reporter@0.0.11
record report.json npx mocha --reporter json --reporter-option output=reports/report.json
record ctrf.json npx mocha --reporter mocha-ctrf-json-reporter
cp ctrf/ctrf-report.json reports/ctrf.json
record xunit.xml npx mocha --reporter xunit --reporter-options output=reports/xunit.xml
