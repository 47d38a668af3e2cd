# pip install pytest==9.2.0 pytest-xdist==3.8.0 pytest-rerunfailures==16.7 pytest-timeout==2.4.0 pytest-cov==7.1.0
export PYTHONDONTWRITEBYTECODE=1
run() { rm -f tried; record "$1" timeout 20 python -m pytest -q -p no:cacheprovider --junit-xml="reports/$@"; }
run set-up.xml test_set_up.py
run teardown.xml test_teardown.py
run crash.xml test_crash.py
run crash-xdist.xml -n 2 test_crash.py
run slow.xml --timeout 1 test_slow.py
run slow-thread.xml --timeout 1 --timeout-method thread test_slow.py
run slow-xdist.xml -n 2 --timeout 1 --timeout-method thread test_slow.py
run none.xml test_none.py
run deselected.xml test_green.py -k nothing
run skipped.xml test_skipped.py
run missing.xml test_that_is_not_there.py
run conftest.xml broken_conftest
run conftest-and-others.xml broken_conftest test_green.py
run load-and-others.xml --continue-on-collection-errors test_load.py test_green.py
run again.xml --reruns 1 test_again.py
run again-xdist.xml -n 2 --reruns 1 test_again.py
run interrupt.xml test_interrupt.py
run exit.xml test_exit.py
run internal.xml -p internal test_green.py
run finish.xml -p finish test_green.py
run coverage.xml --cov cart --cov-fail-under 90 test_green.py
run first-failure.xml -x test_again.py
