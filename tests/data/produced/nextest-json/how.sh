# cargo and rustc 1.95.0; cargo install cargo-nextest --version 0.9.148 --locked
export CARGO_TERM_COLOR=never RUST_BACKTRACE=0 RETRY=reports
run() {
    local report=$1 status=0
    shift
    NEXTEST_EXPERIMENTAL_LIBTEST_JSON=1 cargo nextest run --offline --profile ci --message-format libtest-json-plus "$@" \
        2>errors >"reports/$report.json" || status=$?
    cat errors
    return $status
}
record report.json run report --retries 1
rm -f reports/flaky
record junit.xml cargo nextest run --offline --profile ci --retries 1
cp target/nextest/ci/junit.xml reports/junit.xml
rm -f reports/flaky
record good.json run good --lib -E 'test(adds)'
