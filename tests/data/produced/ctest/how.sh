# apt-get install cmake (3.25.1-1)
cmake -S . -B build >/dev/null
record report.xml ctest --test-dir build --output-junit "$PWD/reports/report.xml"
