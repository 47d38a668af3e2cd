# pip install radish_bdd==0.18.4 lxml
export PYTHONDONTWRITEBYTECODE=1
record report.xml radish --user-data=ignore=1 --tags "not ignore" --junit-xml reports/report.xml --no-ansi features
