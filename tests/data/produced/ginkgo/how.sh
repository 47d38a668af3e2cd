# go 1.26.8; go install github.com/onsi/ginkgo/v2/ginkgo@v2.34.0
export GOCACHE=/tmp/go-cache
run() {
    local report=$1
    shift
    record "$report.xml" ginkgo run --no-color --junit-report "$report.xml" --output-dir reports "$@"
}
run cart ./cart
run setup ./setup
run teardown ./teardown
run panics ./panics
run exits ./exits
run none ./none
run slow ./slow
run again --flake-attempts 2 ./again
run flaky --flake-attempts 2 ./flaky
run broken ./broken
run focus ./focus
run pending --fail-on-pending ./pending
run empty --fail-on-empty ./none
run all --keep-going ./goes ./broken
run first ./broken ./goes
run crash --keep-going ./goes ./exits
