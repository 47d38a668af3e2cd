# npm install mocha@11.8.0 mochawesome@8.1.1 mochawesome-merge@5.1.1
run() {
    record "$1.json" timeout 30 npx mocha --reporter mochawesome \
        --reporter-options "reportDir=reports,reportFilename=$1,html=false" "${@:2}"
}
run report test
record mocha.json npx mocha --reporter json --reporter-option output=reports/mocha.json test
for name in before after after-each root load exit slow none again late last; do
    run $name green.js $name.js
done
run bail --bail bail.js green.js
run filtered --grep adds green.js bail.js
run parallel --parallel --require mochawesome/register before.js green.js again.js
run none-at-all none.js
record merged.json npx mochawesome-merge reports/before.json reports/again.json -o reports/merged.json
