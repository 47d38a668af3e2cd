# Java 17; testng 7.12.0, jcommander 1.83, jquery 3.7.1, slf4j-api and slf4j-nop 2.0.16 (Maven) in /opt/tools/testng-7.12.0
export CLASSPATH="classes:/opt/tools/testng-7.12.0/*" JAVA_TOOL_OPTIONS="-Dfile.encoding=UTF-8 -XX:MaxJavaStackTraceDepth=4"
javac -encoding UTF-8 -d classes src/shop/*.java
testng() {
    java org.testng.TestNG -d "$1" -testclass "$2"
}
record testng-results.xml testng cart shop.CartTest,shop.SetUpTest,shop.TearDownTest
cp cart/testng-results.xml reports/
record TEST-shop.CartTest.xml testng cart shop.CartTest,shop.SetUpTest,shop.TearDownTest
cp cart/junitreports/*.xml reports/
for class in Mostly Retry Skips Group None; do
    record "$class.xml" testng "$class" "shop.$class"
    cp "$class/testng-results.xml" "reports/$class.xml"
    record "TEST-shop.$class.xml" testng "$class" "shop.$class"
    if [ -d "$class/junitreports" ]; then cp "$class/junitreports/"*.xml reports/; fi
done
# These two write no report.
record Load.xml testng load shop.Load
record Exits.xml testng exits shop.Exits
