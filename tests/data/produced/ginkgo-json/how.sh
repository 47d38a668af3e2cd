# go 1.26.8; go install github.com/onsi/ginkgo/v2/ginkgo@v2.34.0
export GOCACHE=/tmp/go-cache
echo apples > reports/cart.txt
run() {
    local report=$1
    shift
    record "$report.json" ginkgo run --no-color --json-report "$report.json" --junit-report "$report.xml" --output-dir reports "$@"
}
run cart ./cart
run again ./again
run hooks --procs 2 ./hooks
run all --keep-going ./setup ./teardown ./aborts ./slow ./broken
# Each of these runs wrote two reports.
for report in cart again hooks all; do cp "$RUNS/$report.json.txt" "$RUNS/$report.xml.txt"; done
run focus ./focus
run pending --fail-on-pending ./pending
run first ./broken ./goes
run none ./none
run empty --fail-on-empty ./none
run dry --dry-run ./again
run crash --keep-going ./goes ./exits
run exits ./exits
run interrupted ./interrupted
rm -f reports/{interrupted,focus,pending,first,none,empty,dry,crash,exits}.xml
# An empty list.
rm reports/exits.json
