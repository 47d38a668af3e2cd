# npm install mocha@11.8.0 mocha-junit-reporter@2.2.1
run() { record "$1" timeout 30 npx mocha --reporter mocha-junit-reporter --reporter-options "mochaFile=reports/$1" "${@:2}"; }
for name in before after after-each root load exit slow none again late last; do
    run $name.xml green.js $name.js
done
run missing.xml absent.js
run global-setup.xml --require ./up.cjs green.js
run none-at-all.xml none.js
run fail-zero.xml --fail-zero none.js
record before.json npx mocha --reporter json --reporter-option output=reports/before.json green.js before.js
record late.json npx mocha --reporter json --reporter-option output=reports/late.json green.js late.js
record last.json npx mocha --reporter json --reporter-option output=reports/last.json green.js last.js
record none.json npx mocha --reporter json --reporter-option output=reports/none.json none.js
record before-xunit.xml npx mocha --reporter xunit --reporter-option output=reports/before-xunit.xml green.js before.js
record after-xunit.xml npx mocha --reporter xunit --reporter-option output=reports/after-xunit.xml green.js after.js
record late-xunit.xml npx mocha --reporter xunit --reporter-option output=reports/late-xunit.xml green.js late.js
