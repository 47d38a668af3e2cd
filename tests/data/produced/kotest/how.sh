# Java 17, Maven 3.8.7 (apt-get install default-jdk-headless maven); kotest-runner-junit5-jvm 6.2.4, Kotlin 2.4.21,
# maven-surefire-plugin 3.6.1
maven() {
    mvn -B -o test -Dkotlin.compiler.daemon=false "$@" | grep -E '^\[[A-Z]*\] Tests run:|BUILD'
    return "${PIPESTATUS[0]}"
}
record TEST-shop.CartTest.xml maven
cp target/surefire-reports/TEST-*.xml reports/
