# pip install robotframework==7.5
export PYTHONPATH=.
run() {
    record "$1.xml" timeout 30 robot --outputdir reports --output "$1.xml" --xunit "$1-xunit.xml" --log NONE --report NONE "${@:2}"
    cp "$RUNS/$1.xml.txt" "$RUNS/$1-xunit.xml.txt"  # one run wrote both
}
for name in setup teardown test_teardown library resource slow fatal none exits interrupt; do run $name green.robot $name.robot; done
run none-alone none.robot
run none-accepted --runemptysuite none.robot
run missing absent.robot
run skip-on-failure --skiponfailure any --settag any slow.robot
run no-status --nostatusrc slow.robot
run exit-on-failure --exitonfailure slow.robot green.robot
