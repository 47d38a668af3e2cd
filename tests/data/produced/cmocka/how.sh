# apt-get install gcc libcmocka-dev (1.1.5-2.1)
gcc cart_test.c -o cart_test -lcmocka
CMOCKA_MESSAGE_OUTPUT=xml CMOCKA_XML_FILE=reports/%g.xml record cart.xml ./cart_test
