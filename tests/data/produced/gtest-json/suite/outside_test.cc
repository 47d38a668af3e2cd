#include <gtest/gtest.h>
#include <cstdlib>
#include <stdexcept>

struct SetUpSuite : testing::Test { static void SetUpTestSuite() { FAIL() << "no database"; } };
TEST_F(SetUpSuite, Adds) {}
struct TearDownSuite : testing::Test { static void TearDownTestSuite() { ADD_FAILURE() << "left open"; } };
TEST_F(TearDownSuite, Adds) {}
struct TearDownEach : testing::Test { void TearDown() override { FAIL() << "left open"; } };
TEST_F(TearDownEach, Adds) {}
TEST(Exit, Exits) { std::exit(3); }
TEST(Crash, Before) {}
TEST(Crash, Crashes) { std::abort(); }
TEST(Green, Adds) {}
struct Broken : testing::Environment {
  void SetUp() override { if (std::getenv("BROKEN_SET_UP")) FAIL() << "no database"; }
  void TearDown() override { if (std::getenv("BROKEN_TEAR_DOWN")) FAIL() << "left open"; }
};
int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new Broken);
  return RUN_ALL_TESTS();
}
