# cargo and rustc 1.95.0
export CARGO_TERM_COLOR=never RUST_BACKTRACE=0 RUSTC_BOOTSTRAP=1 RETRY=reports
lib() {
    local file=$1 format=$2
    shift 2
    cargo test --quiet --offline --lib -- -Z unstable-options --format "$format" --show-output --test-threads 1 "$@" >"reports/$file"
}
all() { cargo test --offline --no-fail-fast -- -Z unstable-options --format json --test-threads 1 >reports/all.json 2>&1; }
record lib.json lib lib.json json
# The JUnit format panics over a message of several lines, as that of this test.
record lib.xml lib lib.xml junit --skip cart::panics
record all.json all
rm -f reports/flaky
