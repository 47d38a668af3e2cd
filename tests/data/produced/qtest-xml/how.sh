# apt-get install g++ qtbase5-dev (5.15.8)
moc cart_test.cpp -o cart_test.moc
g++ -fPIC -I. -o cart_test cart_test.cpp $(pkg-config --cflags --libs Qt5Test Qt5Core)
record report.xml ./cart_test -o reports/report.xml,xml -o reports/xunit.xml,xunitxml -o -,txt
cp "$RUNS/report.xml.txt" "$RUNS/xunit.xml.txt"  # one run wrote both
