# npm install newman@6.2.2
python3 -m http.server --bind 127.0.0.1 8765 --directory answers 2>/dev/null &
server=$!
until python3 -c 'import urllib.request as r; r.urlopen("http://127.0.0.1:8765/")' 2>/dev/null; do :; done
run() {
    record "$1.json" npx newman run "$2.json" --reporters cli,json,junit --reporter-cli-no-failures \
        --reporter-json-export "reports/$1.json" --reporter-junit-export "reports/$1.xml" "${@:3}"
}
run report cart
run iterations cart --iteration-data data.json
run scripts scripts --timeout-script 500
run empty empty
record missing.json npx newman run missing.json --reporters cli,json --reporter-json-export reports/missing.json
rm reports/{scripts,empty}.xml
kill $server
