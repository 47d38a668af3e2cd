# apt-get install perl nodejs (20); pip install pytest==8.4.2 pytest-tap==3.5 pytest-json-ctrf==0.6.1
perl t/cart.t >reports/perl.tap 2>/dev/null || true
node --test --test-reporter=tap cart.test.mjs >reports/node.tap || true
pytest --tap-combined --tap-outdir reports tests || true
mv reports/testresults.tap reports/pytest.tap
pytest --ctrf reports/ctrf.json tests || true
