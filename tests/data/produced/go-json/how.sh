# apt-get install golang-go (2:1.19~1) gotestsum (1.8.2-1+b3)
export GOCACHE=/tmp/go-cache
tests() { go test -json ./... >reports/report.json; }
record report.json tests
record junit.xml gotestsum --junitfile reports/junit.xml ./...
