# apt-get install cmake (3.25.1-1)
cmake -S . -B build >/dev/null
record packed.xml ctest --test-dir build -T Test
cp build/Testing/2*/Test.xml reports/packed.xml
record plain.xml ctest --test-dir build -T Test --no-compress-output --output-junit "$PWD/reports/junit.xml"
cp "$(ls -d build/Testing/2* | tail -n 1)/Test.xml" reports/plain.xml
cp "$RUNS/plain.xml.txt" "$RUNS/junit.xml.txt"  # one run wrote both
