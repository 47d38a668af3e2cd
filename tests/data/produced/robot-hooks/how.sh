# pip install robotframework==7.5
record report.xml robot --outputdir reports --output report.xml --log NONE --report NONE shop
