#include <cppunit/TestResult.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/TestRunner.h>
#include <cppunit/XmlOutputter.h>
#include <cppunit/extensions/HelperMacros.h>
#include <cppunit/extensions/TestFactoryRegistry.h>
#include <fstream>
#include <stdexcept>

class CartTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CartTest);
    CPPUNIT_TEST(adds);
    CPPUNIT_TEST(total);
    CPPUNIT_TEST(database);
    CPPUNIT_TEST_SUITE_END();

public:
    void adds() { CPPUNIT_ASSERT_EQUAL(2, 1 + 1); }
    void total() { CPPUNIT_ASSERT_EQUAL(8, 7); }
    void database() { throw std::runtime_error("no database"); }
};
CPPUNIT_TEST_SUITE_REGISTRATION(CartTest);

int main()
{
    CppUnit::TestResult controller;
    CppUnit::TestResultCollector collector;
    controller.addListener(&collector);
    CppUnit::TestRunner runner;
    runner.addTest(CppUnit::TestFactoryRegistry::getRegistry().makeTest());
    runner.run(controller);
    std::ofstream file("reports/report.xml");
    CppUnit::XmlOutputter(&collector, file).write();
    return collector.wasSuccessful() ? 0 : 1;
}
