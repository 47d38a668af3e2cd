# pip install pytest==9.2.0 pytest-xdist==3.8.0 pytest-rerunfailures==16.7
run() { rm -f attempted; record "$1" python -m pytest -q -p no:cacheprovider --junit-xml="reports/$@"; }
run xunit2.xml -o junit_family=xunit2 tests/test_cart.py
run xunit1.xml -o junit_family=xunit1 tests/test_cart.py
run xdist.xml -n 2 tests/test_cart.py
run reruns.xml --reruns 1 tests/test_cart.py -k flaky
run subtests.xml tests/api
run collection-error.xml broken
