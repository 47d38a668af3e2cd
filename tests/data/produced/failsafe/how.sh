# Java 17, Maven 3.8.7 (apt-get install default-jdk-headless maven); maven-failsafe-plugin 3.6.1, junit-jupiter 6.1.3
maven() {
    mvn -B -o verify "$@" | grep -E '^\[[A-Z]*\] (Tests run:|The forked VM)|BUILD|timeout'
    return "${PIPESTATUS[0]}"
}
record TEST-shop.StoreIT.xml maven -Dit.test='StoreIT,SetUpIT'
cp target/failsafe-reports/TEST-*.xml reports/
rm -r target/failsafe-reports
record TEST-shop.GoesIT.xml maven -Dit.test='GoesIT,Leaves'
cp target/failsafe-reports/TEST-*.xml reports/
cp target/failsafe-reports/failsafe-summary.xml reports/summary-crash.xml
rm -r target/failsafe-reports
record hangs.xml maven -Dit.test=Hangs -Dfailsafe.timeout=4
cp target/failsafe-reports/failsafe-summary.xml reports/summary-time-out.xml
