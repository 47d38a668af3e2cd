# go 1.26.8; go install gotest.tools/gotestsum@v1.13.0
export GOCACHE=/tmp/go-cache
record all.xml gotestsum --junitfile reports/all.xml ./cart ./broken ./exits ./panics ./setup ./teardown ./none ./empty
record timeout.xml gotestsum --junitfile reports/timeout.xml -- -timeout 1s ./slow
record rerun.xml gotestsum --rerun-fails=1 --junitfile reports/rerun.xml --packages ./again
FLAKY=$(mktemp) record flaky.xml gotestsum --rerun-fails=1 --junitfile reports/flaky.xml --packages ./flaky
record no-tests.xml gotestsum --junitfile reports/no-tests.xml ./none ./empty
record missing.xml gotestsum --junitfile reports/missing.xml ./nowhere
