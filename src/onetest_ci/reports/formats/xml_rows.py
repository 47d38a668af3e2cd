"""The formats of XML. A new one is a module in this folder and a row here."""

from typing import Final

from onetest_ci.reports.engine.format import Format, root, xml_format

_CHECK_NAMESPACE: Final = "http://check.sourceforge.net/ns"
"""Check's own format has ``testsuites`` for its root like JUnit XML, and nothing else in common."""

XML_FORMATS: Final[tuple[Format, ...]] = (
    xml_format(
        "junit",
        "JUnit XML",
        # Maven's Failsafe writes its summary beside its reports.
        root("testsuites", "testsuite", "failsafe-summary", not_namespace=_CHECK_NAMESPACE),
        "junit",
    ),
    xml_format(
        "trx",
        "TRX",
        root("TestRun", namespace="TeamTest"),
        "trx",
        needs="ResultSummary Results TestDefinitions",
        start_tag=r"TestRun\s[^>]*(?:TeamTest|runUser=)",
    ),
    xml_format(
        "xunit.net",
        "xUnit.net XML",
        # Maven's and .NET's descriptors are called "assembly" as well.
        root(
            "assemblies",
            "assembly",
            namespace="",
            having="timestamp run-date test-framework",
            holding="assembly class collection errors",
        ),
        "xunitnet",
        needs="assembly timestamp",
        start_tag=r"assemblies(?![\w.-])|assembly\s[^>]*(?:run-date|test-framework)=",
    ),
    xml_format(
        "nunit3",
        "NUnit 3 XML",
        root("test-run"),
        "nunit3",
        # A part of a run. Allure 1, NUnit 2 and W3C's tests have elements of that name as well.
        also=root("test-suite", namespace="", always="type id testcasecount result"),
        needs="test-suite testcasecount",
        start_tag=r"test-run(?![\w.-])|test-suite\s[^>]*\btestcasecount=",
    ),
    xml_format("nunit2", "NUnit 2 XML", root("test-results"), "nunit2", needs="test-suite total"),
    xml_format("testng", "TestNG XML", root("testng-results"), "testng", needs="suite class total"),
    xml_format(
        "robot",
        "Robot Framework XML",
        # ROS describes robots in documents of that name.
        root("robot", having="generator", holding="suite"),
        "robot",
        needs="suite",
        start_tag=r"robot\s[^>]*\bgenerator=",
    ),
    xml_format(
        "ctest",
        "CTest XML",
        # CTest's other steps, as Build.xml and Configure.xml, have that root as well.
        root("Site", holding="Testing DynamicAnalysis"),
        "ctest",
        needs="Testing DynamicAnalysis",
        start_tag=r"Site\s[^>]*Generator=.ctest",
    ),
    xml_format(
        "boost.test",
        "Boost.Test XML",
        root(
            "TestLog", "TestResult", holding="TestSuite TestCase Message Warning Error FatalError Exception"
        ),
        "boost",
        needs="TestLog TestSuite",
        start_tag=r"TestLog(?![\w.-])",
    ),
    xml_format(
        "cunit",
        "CUnit XML",
        root("CUNIT_TEST_RUN_REPORT"),
        "cunit",
        needs="CUNIT_RESULT_LISTING CUNIT_RUN_SUMMARY",
    ),
    xml_format(
        "qtest",
        "Qt Test XML",
        root("TestCase", holding="Environment TestFunction"),
        "qtest",
        needs="Environment TestFunction",
    ),
    xml_format(
        "check",
        "Check XML",
        root("testsuites", namespace=_CHECK_NAMESPACE),
        "check",
        needs="suite datetime duration",
    ),
    xml_format(
        "cppunit",
        "CppUnit XML",
        root("TestRun", namespace="", holding="FailedTests SuccessfulTests Statistics"),
        "cppunit",
        needs="FailedTests SuccessfulTests Statistics",
    ),
    xml_format(
        "unittest++", "UnitTest++ XML", root("unittest-results"), "unittestpp", needs="test failedtests"
    ),
    xml_format(
        "catch2",
        "Catch2 XML",
        root("Catch2TestRun", "Catch", having="rng-seed", holding="Group TestCase OverallResults"),
        "catch2",
        needs="TestCase Group OverallResults",
        start_tag=r"Catch2TestRun(?![\w.-])",
    ),
    xml_format(
        "doctest",
        "doctest XML",
        root("doctest", having="binary", holding="Options TestSuite OverallResultsAsserts"),
        "doctest",
        needs="Options TestSuite TestCase OverallResultsAsserts",
        start_tag=r"doctest\s[^>]*binary=",
    ),
    xml_format(
        "sonarqube",
        "SonarQube test execution XML",
        root("testExecutions"),
        "sonarqube",
        also=root("unitTest", namespace="", holding="file", always="version"),
        needs="file version",
    ),
)
