# npm install @wdio/cli@9.32.0 @wdio/local-runner@9.32.0 @wdio/mocha-framework@9.32.0 @wdio/junit-reporter@9.32.0
# npm install @wdio/spec-reporter@9.32.0
# apt-get install chromium chromium-driver
run() {
    rm -rf out
    record "$1.xml" npx wdio run wdio.conf.js --spec "test/$1.spec.js"
    cp out/wdio-0-0.xml "reports/$1.xml"
}
run cart
run broken
