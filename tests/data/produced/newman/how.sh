# npm install newman@6.2.2
python3 -m http.server --bind 127.0.0.1 8765 2>/dev/null &
server=$!
until python3 -c 'import urllib.request as r; r.urlopen("http://127.0.0.1:8765/")' 2>/dev/null; do :; done
record report.xml npx newman run collection.json --reporters cli,junit --reporter-junit-export reports/report.xml
kill $server
