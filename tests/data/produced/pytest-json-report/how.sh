# pip install pytest==9.2.0 pytest-json-report==1.5.0 pytest-xdist==3.8.0 pytest-rerunfailures==16.7 pytest-cov==7.1.0
export PYTHONDONTWRITEBYTECODE=1
run() {
    rm -f tried attempted
    record "$1.json" timeout 60 python -m pytest -q -p no:cacheprovider --json-report \
        --json-report-file="reports/$1.json" "${@:2}"
}
both() { run "$@" --junit-xml="reports/$1.xml"; }
both report tests --json-report-omit keywords collectors
both again --reruns 1 test_again.py
both load --continue-on-collection-errors test_load.py test_green.py
both skipped test_skipped.py test_green.py
run logged test_log.py
run omitted --json-report-omit collectors log traceback streams warnings keywords -- test_log.py test_set_up.py
run xdist -n 2 test_again.py test_set_up.py test_skipped.py test_load.py --continue-on-collection-errors
run again-teardown --reruns 1 test_teardown.py
run again-xdist -n 2 --reruns 1 test_again.py
run crash test_crash.py
run crash-xdist -n 2 test_crash.py
run set-up test_set_up.py
run teardown test_teardown.py
run load-alone test_load.py test_green.py
run skipped-alone test_skipped.py
run interrupt test_interrupt.py
run internal -p internal test_green.py
run deselected test_green.py -k nothing
run missing test_that_is_not_there.py
run first-failure -x test_again.py
run coverage --cov cart --cov-fail-under 90 test_green.py
run finish -p finish test_green.py
