# pip install unittest-xml-reporting==4.0.0 nose2==0.16.0 green==4.0.2 avocado-framework==113.0
# pip install python-subunit==1.4.6 junitxml==0.7 testtools==2.9.1
export PYTHONDONTWRITEBYTECODE=1
record unittest-xml-reporting.xml python -m xmlrunner --output-file reports/unittest-xml-reporting.xml tests.test_cart
record nose2.xml nose2 --plugin nose2.plugins.junitxml --junit-xml --junit-xml-path reports/nose2.xml -s . tests.test_cart tests.test_params
record green.xml green --junit-report reports/green.xml tests.test_cart
subunit() { python -m subunit.run tests.test_cart | subunit2junitxml --no-passthrough -o reports/subunit2junitxml.xml; }
record subunit2junitxml.xml subunit
record avocado.xml avocado run --xunit reports/avocado.xml --disable-sysinfo --job-results-dir /tmp/results tests/test_cart.py
