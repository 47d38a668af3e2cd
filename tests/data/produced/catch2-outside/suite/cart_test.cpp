#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

struct Broken { Broken() { throw std::runtime_error("no database"); } };
struct Open { ~Open() noexcept(false) { throw std::runtime_error("left open"); } };

TEST_CASE("adds", "[green]") { CHECK(1 + 1 == 2); }
TEST_CASE_METHOD(Broken, "is set up", "[set-up]") { CHECK(true); }
TEST_CASE_METHOD(Open, "is cleaned up", "[clean-up]") { CHECK(true); }
TEST_CASE("exits", "[exit]") { std::exit(3); }
TEST_CASE("crashes", "[crash]") { std::raise(SIGSEGV); }
TEST_CASE("asserts nothing", "[nothing]") {}
TEST_CASE("may fail", "[may][!mayfail]") { CHECK(1 == 2); }
TEST_CASE("should fail", "[should][!shouldfail]") { CHECK(1 == 1); }
