# apt-get install ruby-minitest (5.17.0-1) ruby-minitest-reporters (1.0.19-2)
record TEST-Minitest-Result.xml ruby test/cart_test.rb --seed 1
