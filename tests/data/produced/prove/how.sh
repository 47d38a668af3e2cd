# apt-get install libtap-formatter-junit-perl (0.11-2)
tests() { prove --formatter TAP::Formatter::JUnit t >reports/report.xml; }
record report.xml tests
