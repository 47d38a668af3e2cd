#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <stdexcept>

TEST_SUITE("cart") {
TEST_CASE("adds") { MESSAGE("größe"); CHECK(1 + 1 == 2); }
TEST_CASE("total") { CHECK(7 == 8); FAIL_CHECK("and more"); }
TEST_CASE("database") { throw std::runtime_error("no database"); }
TEST_CASE("is known to fail" * doctest::should_fail()) { CHECK(false); }
TEST_CASE("not on CI" * doctest::skip()) {}
}
TEST_CASE("price")
{
    SUBCASE("for one") { CHECK(true); }
    SUBCASE("for two") { CHECK(false); }
}
