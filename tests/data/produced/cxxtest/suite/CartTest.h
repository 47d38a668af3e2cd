#include <cxxtest/TestSuite.h>

#include <stdexcept>
#include <string>

class CartTest : public CxxTest::TestSuite {
 public:
  void testAdds() { TS_ASSERT_EQUALS(1 + 1, 2); }
  void testTotal() { TS_ASSERT_EQUALS(std::string("7 €"), std::string("8 €")); }
  void testDatabase() { throw std::runtime_error("no database"); }
  void testSkipped() { TS_SKIP("not on CI"); }
  void testTwice() {
    TS_ASSERT(false);
    TS_ASSERT_EQUALS(1, 2);
  }
};
