# apt-get install gcc check pkg-config (0.15.2-2)
gcc -o cart_test cart_test.c $(pkg-config --cflags --libs check)
record report.xml ./cart_test
