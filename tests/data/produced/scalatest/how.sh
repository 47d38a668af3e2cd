# Java 17, Maven 3.8.7 (apt-get install default-jdk-headless maven); scalatest 3.2.20, scalatest-maven-plugin 2.2.0,
# scala-maven-plugin 4.9.5, Scala 2.13.18
maven() {
    mvn -B -o test "$@" | grep -E '^(Total number|Suites:|Tests:|\*\*\*|All tests|No tests|Exception)|BUILD|\*\*\* ABORTED'
    return "${PIPESTATUS[0]}"
}
suite() {
    rm -rf target/scalatest-reports
    record "TEST-shop.$1.xml" maven -Dsuites="shop.$1"
    if [ -e "target/scalatest-reports/junit/TEST-shop.$1.xml" ]; then
        cp "target/scalatest-reports/junit/TEST-shop.$1.xml" reports/
    fi
}
record TEST-shop.CartSpec.xml maven
cp target/scalatest-reports/junit/TEST-shop.*.xml target/scalatest-reports/junit/TEST-org*.xml reports/
mv reports/TEST-org*.xml reports/TEST-org.scalatest.tools.DiscoverySuite.xml
for name in SetUpSpec TearDownSpec LoadSpec NoneSpec ExitsSpec; do suite $name; done
