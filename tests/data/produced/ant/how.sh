# apt-get install default-jdk-headless ant ant-optional (1.10.13-1) junit4 (4.13.2-3)
export ANT_OPTS=-Dfile.encoding=UTF-8
record TEST-shop.CartTest.xml ant -q
