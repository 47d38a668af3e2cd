# pip install pytest==9.2.0 pytest-xdist==3.8.0 pytest-rerunfailures==16.7
run() { rm -f attempted; python -m pytest -q -p no:cacheprovider "$@"; }
run -o junit_family=xunit2 --junit-xml=reports/xunit2.xml tests/test_cart.py
run -o junit_family=xunit1 --junit-xml=reports/xunit1.xml tests/test_cart.py
run -n 2 --junit-xml=reports/xdist.xml tests/test_cart.py
run --reruns 1 --junit-xml=reports/reruns.xml tests/test_cart.py -k flaky
run --junit-xml=reports/subtests.xml tests/api
run --junit-xml=reports/collection-error.xml broken
