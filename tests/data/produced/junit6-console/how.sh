# Java 17; junit-platform-console-standalone 6.1.3 (Maven) as /opt/tools/junit-platform-console-standalone-6.1.3.jar
jar=/opt/tools/junit-platform-console-standalone-6.1.3.jar
export JAVA_TOOL_OPTIONS=-Dfile.encoding=UTF-8
javac -encoding UTF-8 -cp "$jar" -d classes src/shop/*.java
junit() { java -jar "$jar" execute -cp classes --disable-banner --details none "$@"; }
record TEST-junit-jupiter.xml junit --scan-classpath classes --include-classname '.*Test' --reports-dir out
cp out/TEST-junit-jupiter.xml reports/
record exit.xml junit --select-class shop.Exits --include-classname '.*' --reports-dir exit
cp exit/TEST-junit-jupiter.xml reports/exit.xml
record none.xml junit --select-class shop.None --include-classname '.*' --fail-if-no-tests --reports-dir none
cp none/TEST-junit-jupiter.xml reports/none.xml
record missing.xml junit --select-class shop.Missing --include-classname '.*' --reports-dir missing
cp missing/TEST-junit-jupiter.xml reports/missing.xml
