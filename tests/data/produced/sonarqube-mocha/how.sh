# npm install mocha@12.0.3 mocha-sonarqube-reporter@1.0.2
record report.xml npx mocha --reporter mocha-sonarqube-reporter --reporter-option output=reports/report.xml
