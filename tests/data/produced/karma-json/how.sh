# npm install karma@6.4.4 karma-jasmine@5.1.0 jasmine-core@4.6.1 karma-chrome-launcher@3.2.0
# npm install karma-json-reporter@1.2.1 karma-junit-reporter@2.0.1
# apt-get install chromium
export CHROME_BIN=/usr/bin/chromium NAME FILES BROWSERS
run() {
    NAME=$1 FILES=$2
    record "$1.json" timeout 60 npx karma start --reporters dots,json,junit
}
run report cart.spec.js
for name in before after load late slow reload skipped; do run $name "green.spec.js $name.spec.js"; done
run none none.spec.js
BROWSERS='Chrome Second' run two "cart.spec.js"
cd reports && find . -name '*.xml' ! -name report.xml -delete
