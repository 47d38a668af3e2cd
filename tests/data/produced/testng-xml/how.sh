# apt-get install default-jdk-headless testng (6.9.12)
export CLASSPATH="/usr/share/java/testng.jar:/usr/share/java/jcommander.jar:/usr/share/java/bsh.jar:."
javac shop/*.java
for report in testng-results.xml TEST-shop.CartTest.xml; do
    record $report java org.testng.TestNG -d out -testclass shop.CartTest,shop.SetUpTest
done
cp out/testng-results.xml out/junitreports/*.xml reports/
