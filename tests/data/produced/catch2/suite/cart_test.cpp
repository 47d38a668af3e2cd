#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <iostream>
#include <stdexcept>

TEST_CASE("adds an item", "[cart]") {
  std::cout << "adding größe-注文\n";
  CHECK(1 + 1 == 2);
}

TEST_CASE("totals", "[cart]") { CHECK(std::string("7 €") == "8 €"); }

TEST_CASE("asks the database") { throw std::runtime_error("no database"); }

TEST_CASE("has sections") {
  SECTION("one") { CHECK(true); }
  SECTION("two") {
    SECTION("deep") { CHECK(1 == 2); }
  }
}

TEST_CASE("costs", "[price]") {
  auto count = GENERATE(1, 2);
  CHECK(count * 5 == 5);
}

struct Cart {
  int items = 0;
};

TEST_CASE_METHOD(Cart, "is empty at first") { CHECK(items == 0); }

TEST_CASE("may fail", "[!mayfail]") { CHECK(1 == 2); }
