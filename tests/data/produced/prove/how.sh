# apt-get install libtap-formatter-junit-perl (0.11-2)
prove --formatter TAP::Formatter::JUnit t > reports/report.xml
