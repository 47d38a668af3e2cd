#include <UnitTest++/UnitTest++.h>
#include <UnitTest++/XmlTestReporter.h>
#include <fstream>
#include <stdexcept>

SUITE(cart)
{
    TEST(adds) { CHECK_EQUAL(2, 1 + 1); }
    TEST(total) { CHECK_EQUAL(8, 7); CHECK(false); }
    TEST(database) { throw std::runtime_error("no database"); }
}
TEST(alone) {}

int main()
{
    std::ofstream file("reports/report.xml");
    UnitTest::XmlTestReporter reporter(file);
    UnitTest::TestRunner runner(reporter);
    return runner.RunTestsIf(UnitTest::Test::GetTestList(), nullptr, UnitTest::True(), 0);
}
