# pip install pytest==9.2.0 pytest-reportlog==1.0.0 pytest-xdist==3.8.0 pytest-rerunfailures==16.7 pytest-cov==7.1.0
export PYTHONDONTWRITEBYTECODE=1
run() {
    rm -f tried attempted
    record "$1.jsonl" timeout 60 python -m pytest -q -p no:cacheprovider --report-log="reports/$1.jsonl" "${@:2}"
}
both() { run "$@" --junit-xml="reports/$1.xml"; }
both report tests
both again --reruns 1 test_again.py
both load --continue-on-collection-errors test_load.py test_green.py
both skipped test_skipped.py test_green.py
run xdist -n 2 test_again.py test_set_up.py test_skipped.py test_load.py --continue-on-collection-errors
run again-teardown --reruns 1 test_teardown.py
run again-xdist -n 2 --reruns 1 test_again.py
run crash test_crash.py
run crash-xdist -n 2 test_crash.py
run crash-again -n 2 --reruns 1 test_crash.py
run set-up test_set_up.py
run teardown test_teardown.py
run load-alone test_load.py test_green.py
run conftest . --ignore tests --continue-on-collection-errors -k never
run skipped-alone test_skipped.py
run interrupt test_interrupt.py
run internal -p internal test_green.py
run deselected test_green.py -k nothing
run missing test_that_is_not_there.py
run first-failure -x test_again.py
run coverage --cov cart --cov-fail-under 90 test_green.py
run finish -p finish test_green.py
