# Java 17, Maven 3.8.7 (apt-get install default-jdk-headless maven); cucumber-java, cucumber-junit-platform-engine 7.34.2,
# maven-surefire-plugin 3.6.1
maven() {
    mvn -B -o test "$@" | grep -E '^\[[A-Z]*\] Tests run:|BUILD|[0-9] scenarios'
    return "${PIPESTATUS[0]}"
}
record TEST-shop.CartTest.xml maven -Dtest=CartTest
cp target/surefire-reports/TEST-shop.CartTest.xml reports/
for format in xml json; do
    record cart.$format maven -Dtest=CartTest
    cp target/cart.$format reports/
done
record TEST-shop.StopTest.xml maven -Dtest=StopTest
cp target/surefire-reports/TEST-shop.StopTest.xml reports/
for format in xml json; do
    record stop.$format maven -Dtest=StopTest
    cp target/stop.$format reports/
done
