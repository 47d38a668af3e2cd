# cargo and rustc 1.95.0; cargo install cargo-nextest --version 0.9.151 --locked
export CARGO_TERM_COLOR=never RUST_BACKTRACE=0
nextest() {
    cargo nextest run --offline --profile ci "$@" 2>&1 | grep -v '^error: command'
    return "${PIPESTATUS[0]}"
}
run() {
    local report=$1
    shift
    record "$report.xml" nextest "$@"
    if [ -e target/nextest/ci/junit.xml ]; then cp target/nextest/ci/junit.xml "reports/$report.xml"; fi
    rm -rf target/nextest
}
run all --lib
RETRY=$(mktemp -d) run retry --test retry --retries 1
RETRY=$(mktemp -d) run strict --test retry --retries 1 --flaky-result fail -E 'test(flaky)'
run none --lib -E 'test(nothing)'
run setup --test set_up
run leak --test leak
run broken --test broken --features broken
