# go 1.26.8; go install gotest.tools/gotestsum@v1.13.0
record report.json gotestsum --rerun-fails --jsonfile reports/report.json --junitfile reports/report.xml --packages "./cart ./teardown"
cp "$RUNS/report.json.txt" "$RUNS/report.xml.txt"  # one run wrote both
record build.json gotestsum --jsonfile reports/build.json --packages "./cart ./nobuild" -- -run Adds -count=2
