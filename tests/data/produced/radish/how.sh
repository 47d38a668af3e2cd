# pip install radish_bdd==0.18.4 lxml
PYTHONDONTWRITEBYTECODE=1 radish --user-data=ignore=1 --tags "not ignore" --junit-xml reports/report.xml --no-ansi features
