# pip install robotframework==7.5
record first.xml robot --outputdir reports --output first.xml --xunit first-xunit.xml --log NONE --report NONE cart.robot
TRY=second robot --outputdir reports --output second.xml --log NONE --report NONE --rerunfailed reports/first.xml cart.robot || true
record merged.xml rebot --merge --outputdir reports --output merged.xml --xunit merged-xunit.xml --log NONE --report NONE reports/first.xml reports/second.xml
rm reports/second.xml
for report in first merged; do cp "$RUNS/$report.xml.txt" "$RUNS/$report-xunit.xml.txt"; done  # one run wrote both
cp cart.png reports/
