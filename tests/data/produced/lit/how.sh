# pip install lit==23.1.5
record report.xml lit --xunit-xml-output reports/report.xml .
