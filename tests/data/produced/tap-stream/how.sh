# apt-get install perl nodejs (20) libtap-formatter-junit-perl (0.11-2)
# pip install pytest==8.4.2 pytest-tap==3.5 pytest-json-ctrf==0.6.1
tests() { perl t/cart.t >reports/perl.tap; }
record perl.tap tests
junit() { prove --formatter TAP::Formatter::JUnit t >reports/perl.xml; }
record perl.xml junit
node_tests() {
    node --test --test-reporter=tap --test-reporter-destination=reports/node.tap \
        --test-reporter=junit --test-reporter-destination=reports/node.xml cart.test.mjs
}
record node.tap node_tests
cp "$RUNS/node.tap.txt" "$RUNS/node.xml.txt"  # one run wrote both
record pytest.tap pytest --tap-combined --tap-outdir reports --junitxml reports/pytest.xml tests
cp "$RUNS/pytest.tap.txt" "$RUNS/pytest.xml.txt"  # one run wrote both
mv reports/testresults.tap reports/pytest.tap
record ctrf.json pytest --ctrf reports/ctrf.json tests
