# Java 17, Maven 3.8.7 (apt-get install default-jdk-headless maven); maven-surefire-plugin 3.6.1, junit-jupiter 6.1.3
maven() {
    mvn -B -o test | grep -E '^\[[A-Z]*\] (Tests run:|The forked VM)|^\[ERROR\] shop|BUILD|timeout in the fork|No tests'
    return "${PIPESTATUS[0]}"
}
record TEST-shop.ATest.xml maven
cp target/surefire-reports/TEST-*.xml reports/
