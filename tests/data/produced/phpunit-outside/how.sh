# apt-get install phpunit (9.6.7-1+deb12u1)
run() { record "$1.xml" phpunit --log-junit "reports/$1.xml" "${@:2}"; }
for name in SetUpClass TearDownClass TearDown Provider Load Exits ExitsWell Fatal Memory Risky Warning Deprecated Skipped Depends; do
    run $name ${name}Test.php
done
run RiskyFails --fail-on-risky RiskyTest.php
run Strict --fail-on-skipped SkippedTest.php
run Missing AbsentTest.php
run None --filter nothing GreenTest.php
