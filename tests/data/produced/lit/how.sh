# pip install lit==23.1.5
lit --xunit-xml-output reports/report.xml .
