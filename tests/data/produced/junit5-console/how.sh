# apt-get install default-jdk-headless junit5 (5.9.2-1)
jars=$(ls /usr/share/java/{junit-jupiter,junit-platform,opentest4j,apiguardian,picocli,univocity}*.jar | paste -sd:)
javac -encoding UTF-8 -cp "$jars" -d classes src/shop/*.java
record TEST-junit-jupiter.xml java -Dfile.encoding=UTF-8 -cp "classes:$jars" org.junit.platform.console.ConsoleLauncher --scan-classpath classes --reports-dir reports --disable-banner
rm reports/TEST-junit-platform-suite.xml reports/TEST-junit-vintage.xml
