#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <iostream>
#include <stdexcept>

TEST_CASE("adds", "[smoke]") { std::cout << "größe"; CHECK(1 + 1 == 2); }
TEST_CASE("total") { CHECK(7 == 8); FAIL_CHECK("and more"); }
TEST_CASE("database") { throw std::runtime_error("no database"); }
TEST_CASE("is known to fail", "[!shouldfail]") { CHECK(false); }
TEST_CASE("price")
{
    SECTION("for one") { CHECK(true); }
    SECTION("for two") { CHECK(false); }
}
TEST_CASE("is hidden", "[.]") {}
