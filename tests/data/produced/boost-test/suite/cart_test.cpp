#define BOOST_TEST_MODULE shop
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/included/unit_test.hpp>

#include <iostream>
#include <stdexcept>

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(cart)

BOOST_AUTO_TEST_CASE(adds) {
  BOOST_TEST_MESSAGE("adding größe-注文");
  BOOST_TEST(1 + 1 == 2);
}

BOOST_AUTO_TEST_CASE(total) { BOOST_TEST(std::string("7 €") == "8 €"); }

BOOST_AUTO_TEST_CASE(database) { throw std::runtime_error("no database"); }

BOOST_AUTO_TEST_CASE(skipped, *boost::unit_test::disabled()) {}

BOOST_DATA_TEST_CASE(price, data::make({1, 2}), count) { BOOST_TEST(count == 1); }

BOOST_AUTO_TEST_SUITE(empty)
BOOST_AUTO_TEST_CASE(costs_nothing) { BOOST_TEST(true); }
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(stands_alone) { BOOST_TEST(true); }
