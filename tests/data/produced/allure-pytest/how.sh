# pip install pytest==8.4.2 allure-pytest==2.16.2 pytest-rerunfailures==16.7
tests() {
    pytest --quiet --reruns 1 -k "flaky" --alluredir reports/results --junitxml reports/flaky.xml
    pytest --quiet --deselect tests/test_cart.py::test_flaky --alluredir reports/results --junitxml reports/report.xml
}
record results tests
cp "$RUNS/results.txt" "$RUNS/flaky.xml.txt"  # these runs wrote all
