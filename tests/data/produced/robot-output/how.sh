# pip install robotframework==7.5
record first.xml robot --outputdir reports --output first.xml --log NONE --report NONE cart.robot
TRY=second robot --outputdir reports --output second.xml --log NONE --report NONE --rerunfailed reports/first.xml cart.robot || true
record merged.xml rebot --merge --outputdir reports --output merged.xml --log NONE --report NONE reports/first.xml reports/second.xml
rm reports/second.xml
cp cart.png reports/
