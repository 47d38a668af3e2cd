# apt-get install default-jdk-headless testng (6.9.12-4)
jars=$(ls /usr/share/java/{testng,jcommander,bsh,snakeyaml,junit4}.jar 2>/dev/null | paste -sd:)
javac -encoding UTF-8 -cp "$jars" -d classes src/shop/*.java
record TEST-shop.CartTest.xml java -Dfile.encoding=UTF-8 -cp "classes:$jars" org.testng.TestNG -d output -testclass 'shop.CartTest,shop.CartTest$SetUp'
cp output/junitreports/*.xml reports/
