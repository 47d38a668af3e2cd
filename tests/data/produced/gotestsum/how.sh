# go 1.26.8; go install gotest.tools/gotestsum@v1.13.0
record report.json gotestsum --rerun-fails --jsonfile reports/report.json --packages "./cart ./teardown"
record build.json gotestsum --jsonfile reports/build.json --packages "./cart ./nobuild" -- -run Adds -count=2
