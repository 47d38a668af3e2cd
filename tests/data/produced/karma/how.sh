# npm install karma@6.4.4 karma-jasmine@5.1.0 jasmine-core@7.0.2 karma-chrome-launcher@3.2.0 karma-junit-reporter@2.0.1
# apt-get install chromium
export CHROME_BIN=/usr/bin/chromium
record report.xml npx karma start --reporters dots,junit
