#include <gtest/gtest.h>

#include <iostream>
#include <stdexcept>

TEST(Cart, Adds) {
  std::cout << "adding größe-注文" << std::endl;
  RecordProperty("issue", "SHOP-7");
}

TEST(Cart, Total) {
  EXPECT_EQ(std::string("7 €"), "8 €");
  EXPECT_EQ(1, 2) << "and more";
}

TEST(Cart, Database) { throw std::runtime_error("no database"); }

TEST(Cart, Skipped) { GTEST_SKIP() << "not on CI"; }

TEST(Cart, DISABLED_ToBeWritten) {}

class Price : public ::testing::TestWithParam<int> {};

TEST_P(Price, IsFive) { EXPECT_EQ(GetParam(), 1); }

INSTANTIATE_TEST_SUITE_P(Counts, Price, ::testing::Values(1, 2));

template <typename T>
class Typed : public ::testing::Test {};

using Types = ::testing::Types<int, char>;
TYPED_TEST_SUITE(Typed, Types);

TYPED_TEST(Typed, IsZero) { EXPECT_EQ(TypeParam(), 0); }
