#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

TEST_SUITE("cart") {
  TEST_CASE("adds an item") { CHECK(1 + 1 == 2); }

  TEST_CASE("totals") {
    CHECK(std::string("7 €") == "8 €");
    CHECK(1 == 2);
  }

  TEST_CASE("asks the database") { throw std::runtime_error("no database"); }

  TEST_CASE("is not on CI" * doctest::skip()) {}
}

TEST_CASE("has parts") {
  SUBCASE("one") { CHECK(true); }
  SUBCASE("two") { CHECK(1 == 2); }
}

TEST_CASE_TEMPLATE("is zero", T, int, char) { CHECK(T() == 0); }
