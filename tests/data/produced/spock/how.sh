# Java 17, Maven 3.8.7 (apt-get install default-jdk-headless maven); spock-core 2.4-groovy-5.0, gmavenplus-plugin 4.2.1,
# maven-surefire-plugin 3.6.1
maven() {
    mvn -B -o test "$@" | grep -E '^\[[A-Z]*\] Tests run:|BUILD'
    return "${PIPESTATUS[0]}"
}
record TEST-shop.CartSpec.xml maven
cp target/surefire-reports/TEST-*.xml reports/
