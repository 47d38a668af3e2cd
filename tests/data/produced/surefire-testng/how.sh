# Java 17, Maven 3.8.7 (apt-get install default-jdk-headless maven); maven-surefire-plugin 3.6.1, testng 7.12.0
maven() {
    mvn -B -o test "$@" | grep -E '^\[[A-Z]*\] Tests run:|BUILD'
    return "${PIPESTATUS[0]}"
}
record TEST-shop.CartTest.xml maven -Dtest='CartTest,SetUpTest,TearDownTest'
cp target/surefire-reports/TEST-*.xml reports/
rm -r target/surefire-reports
record TEST-shop.Mostly.xml maven -Dtest=Mostly
cp target/surefire-reports/TEST-shop.Mostly.xml reports/
rm -r target/surefire-reports
record TEST-shop.Retry.xml maven -Dtest=Retry
cp target/surefire-reports/TEST-shop.Retry.xml reports/
# TestNG's own report of the same tests, by a listener.
record testng-results.xml maven -Ptestng-results -Dtest='Mostly,Retry'
cp test-output/testng-results.xml reports/
