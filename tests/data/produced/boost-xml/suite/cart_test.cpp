#define BOOST_TEST_MODULE shop
#include <boost/test/included/unit_test.hpp>
#include <stdexcept>

namespace utf = boost::unit_test;

BOOST_AUTO_TEST_SUITE(cart)
BOOST_AUTO_TEST_CASE(adds) { BOOST_TEST_MESSAGE("größe"); BOOST_CHECK_EQUAL(1 + 1, 2); }
BOOST_AUTO_TEST_CASE(total) { BOOST_CHECK_EQUAL(7, 8); BOOST_CHECK_MESSAGE(false, "and more"); }
BOOST_AUTO_TEST_CASE(database) { throw std::runtime_error("no database"); }
BOOST_AUTO_TEST_CASE(not_on_ci, *utf::disabled()) {}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_CASE(alone) { BOOST_CHECK(true); }
