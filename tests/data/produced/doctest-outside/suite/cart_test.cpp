#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

struct Broken { Broken() { throw std::runtime_error("no database"); } };
struct Open { ~Open() noexcept(false) { throw std::runtime_error("left open"); } };

TEST_CASE("adds") { CHECK(1 + 1 == 2); }
TEST_CASE_FIXTURE(Broken, "set-up") { CHECK(true); }
TEST_CASE_FIXTURE(Open, "clean-up") { CHECK(true); }
TEST_CASE("exit") { std::exit(3); }
TEST_CASE("crash") { std::raise(SIGSEGV); }
TEST_CASE("may" * doctest::may_fail()) { CHECK(1 == 2); }
TEST_CASE("should" * doctest::should_fail()) { CHECK(1 == 1); }
TEST_CASE("slow" * doctest::timeout(0.000001)) { for (volatile int i = 0; i < 1000000; ++i) {} }
