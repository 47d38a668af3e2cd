# apt-get install default-jdk-headless gradle (4.4.1-18) junit4 (4.13.2-3)
export LC_ALL=C.UTF-8
record TEST-shop.CartTest.xml gradle --offline --no-daemon --gradle-user-home /tmp/gradle-home -q test
cp build/test-results/test/*.xml reports/
