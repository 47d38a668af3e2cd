# Java 17, Maven 3.8.7 (apt-get install default-jdk-headless maven); cucumber-java, cucumber-junit-platform-engine 7.34.2,
# maven-surefire-plugin 3.6.1
maven() {
    mvn -B -o test "$@" | grep -E '^\[[A-Z]*\] Tests run:|BUILD|[0-9] scenarios'
    return "${PIPESTATUS[0]}"
}
for name in Cart Stop Start; do
    file=${name,}.ndjson
    record "$file" maven -Dtest="${name}Test"
    cp "target/$file" reports/
done
cp target/cart.json reports/
