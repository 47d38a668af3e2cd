-module(cart_tests).
-compile(export_all).
-compile(nowarn_export_all).

adds_test() -> io:format("adding"), 2 = 1 + 1.
total_test() -> "8" = total().
database_test() -> error(no_database).
price_test_() -> [{"one item", fun() -> 5 = price(1) end}, {"two items", fun() -> 11 = price(2) end}].

total() -> "7".
price(Count) -> Count * 5.
