# apt-get install perl (5.36) libtap-formatter-junit-perl (0.11-2)
stream() { perl "$1.t" >"reports/$1.tap"; }
junit() { prove --formatter TAP::Formatter::JUnit green.t "$1.t" >"reports/$1.xml"; }
for name in dies plan no_plan bail load status signal skip_all none subtest todo; do
    record $name.tap stream $name
    record $name.xml junit $name
done
