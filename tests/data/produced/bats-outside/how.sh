# apt-get install bats (1.8.2-1)
run() {
    mkdir out
    record "$1.xml" "${@:2}" bats --report-formatter junit --output out green.bats "$1.bats"
    if [ -s out/report.xml ]; then cp out/report.xml "reports/$1.xml"; fi
    rm -r out
}
export BATS_TEST_TIMEOUT=2
for name in setup teardown teardown_file load syntax exit none kill slow absent; do run $name timeout 20; done
