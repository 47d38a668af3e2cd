# apt-get install golang-go (2:1.19~1)
go test -json ./... >reports/report.json
