# cargo and rustc 1.95.0
tests() { RUSTC_BOOTSTRAP=1 cargo test --quiet --offline --lib -- -Z unstable-options --format junit --show-output >reports/report.xml; }
record report.xml tests
