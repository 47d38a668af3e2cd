# pip install robotframework==7.5
record report.xml robot --xunit report.xml --outputdir reports --log NONE --report NONE --output NONE tests
