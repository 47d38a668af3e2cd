# apt-get install gcc libcunit1-dev (2.1-3-dfsg-2.6)
gcc -o cart_test cart_test.c -lcunit
record cart-Results.xml ./cart_test
