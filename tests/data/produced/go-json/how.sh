# apt-get install golang-go (2:1.19~1)
tests() { go test -json ./... >reports/report.json; }
record report.json tests
