# pip install pytest==9.2.0 pytest-reportlog==1.0.0 pytest-bdd==9.0.1 pytest-retry==1.7.0 flaky==3.8.1
export PYTHONDONTWRITEBYTECODE=1
run() {
    record "$1.jsonl" python -m pytest -q -p no:cacheprovider --report-log="reports/$1.jsonl" \
        --junit-xml="reports/$1.xml" "${@:2}"
}
run bdd bdd
run flaky -p no:retry test_flaky.py
run retry -p no:flaky test_retry.py
