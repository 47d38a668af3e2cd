# pip install pytest==9.2.0 pytest-bdd==9.0.1
record report.xml python -m pytest -q -p no:cacheprovider --junit-xml=reports/report.xml
