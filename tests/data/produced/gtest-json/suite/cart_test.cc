#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <stdexcept>

TEST(Cart, Adds) {
  std::cout << "adding größe-注文" << std::endl;
  RecordProperty("issue", "SHOP-7");
  RecordProperty("größe", "注文 \"2\"");
}

TEST(Cart, Total) {
  EXPECT_EQ(std::string("7 €"), "8 €");
  EXPECT_EQ(1, 2) << "and more";
}

TEST(Cart, Database) { throw std::runtime_error("no database"); }

TEST(Cart, Photographs) {
  std::ofstream("reports/cart.txt") << "apples";
  RecordProperty("attachment", "reports/cart.txt");
  RecordProperty("failures", "none");
}

TEST(Cart, Skipped) { GTEST_SKIP() << "not on CI"; }

TEST(Cart, FailsAndSkips) {
  ADD_FAILURE() << "no apples";
  GTEST_SKIP() << "not on CI";
}

TEST(Cart, DISABLED_ToBeWritten) {}

class Price : public ::testing::TestWithParam<int> {};

TEST_P(Price, IsFive) { EXPECT_EQ(GetParam(), 1) << '\1'; }

INSTANTIATE_TEST_SUITE_P(Counts, Price, ::testing::Values(1, 2));

class Named : public ::testing::TestWithParam<const char *> {};

TEST_P(Named, IsSold) { EXPECT_STRNE(GetParam(), "größe"); }

INSTANTIATE_TEST_SUITE_P(Fruit, Named, ::testing::Values("apple", "größe"),
                         [](const auto &info) { return info.index ? "size" : info.param; });

template <typename T>
class Typed : public ::testing::Test {
 public:
  static void SetUpTestSuite() { ::testing::Test::RecordProperty("database", "größe"); }
};

using Types = ::testing::Types<int, char>;
TYPED_TEST_SUITE(Typed, Types);

TYPED_TEST(Typed, IsZero) { EXPECT_EQ(TypeParam(), 0); }

class Skipping : public ::testing::Test {
 public:
  static void SetUpTestSuite() { GTEST_SKIP() << "no browser"; }
};

TEST_F(Skipping, Draws) {}
