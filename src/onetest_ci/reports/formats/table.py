"""The formats that are read. A new one is a module in this folder and a row here."""

import re
from typing import Final

from onetest_ci.reports.engine.format import (
    Format,
    Lines,
    Members,
    json_format,
    root,
    text_format,
    xml_format,
)

_CHECK_NAMESPACE: Final = "http://check.sourceforge.net/ns"
"""Check's own format has ``testsuites`` for its root like JUnit XML, and nothing else in common."""

_TAP: Final = Lines(
    certain=re.compile(rb"TAP version \d"),
    # A plan on a line of its own; a test point if a plan follows, or a failure.
    likely=re.compile(
        rb"\A(?:1\.\.\d+[ \t\r]*(?:#[^\n]*)?$|not ok \d+|ok \d.*^(?:1\.\.\d|not ok\b)|Bail out!)",
        re.MULTILINE | re.DOTALL,
    ),
    possible=re.compile(rb"1\.\.\d+\b|ok(?: \d+| - |[ \t\r]*$)|not ok\b|Bail out!", re.MULTILINE),
    within=re.compile(rb"\A.*?^TAP version \d+[ \t\r]*$", re.MULTILINE | re.DOTALL),
)

_EXUNIT_WITHIN: Final = re.compile(
    # The first line, the end of a test, the line behind the last one, and tests that do not compile.
    rb"\A.*?(?:^Running ExUnit with seed: \d|\[L#\d{1,9}\][\r\x1b]"
    rb"|^Finished in \d{1,9}\.\d{1,9} seconds \(\d{1,9}\.\d{1,9}s (?:on load|async), "
    rb"|^== Compilation error in file test/)",
    re.MULTILINE | re.DOTALL,
)

_EXUNIT: Final = Lines(
    certain=re.compile(rb"Running ExUnit with seed: \d+, max_cases: \d"),
    likely=_EXUNIT_WITHIN,
    possible=_EXUNIT_WITHIN,
    within=_EXUNIT_WITHIN,
)

FORMATS: Final[tuple[Format, ...]] = (
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
    json_format(
        "go",
        "go test -json",
        Members(
            ("Action Package", "Action ImportPath"),
            meant=("Action Test",),
            lacks="Package: run `go tool test2json` with -p",
        ),
        "go",
    ),
    json_format(
        "dart",
        "Dart and Flutter JSON",
        Members(
            ("protocolVersion type",),
            meant=("testID type time", "protocolVersion runnerVersion"),
            lacks="the event `start`, which comes first",
        ),
        "dart",
    ),
    json_format(
        "bazel",
        "Bazel's build event protocol",
        Members(
            (
                "id.started started.uuid",
                "id.testResult testResult{}",
                "id.testSummary testSummary{}",
                "id.targetCompleted completed{}",
                "id.buildFinished finished{}",
            ),
            meant=("id.progress progress{}", "id.targetConfigured configured{}"),
            lacks="the event `started`, which comes first",
        ),
        "bazel",
    ),
    json_format(
        "libtest",
        "libtest JSON",
        Members(
            ("test_count event type",),
            meant=("filtered_out measured event",),
            lacks="the event `started` of a suite, which comes first",
        ),
        "libtest",
    ),
    json_format(
        "pytest-reportlog",
        "pytest-reportlog",
        Members(
            ("$report_type pytest_version", "$report_type exitstatus", "$report_type nodeid outcome"),
            meant=("$report_type category filename",),
            lacks="the line `SessionStart`, which comes first, and reports of tests",
        ),
        "pytest.reportlog",
    ),
    json_format(
        "playwright",
        "Playwright JSON",
        Members(
            ("suites config",),
            meant=("config.forbidOnly config.projects", "suites[] errors[] stats.unexpected"),
            lacks="`config` and `suites`",
        ),
        "playwright",
    ),
    json_format(
        "ginkgo",
        "Ginkgo JSON",
        Members(
            ("SuiteSucceeded SpecReports", "SuiteSucceeded SuitePath"),
            meant=("SuiteSucceeded SpecReports", "SuiteSucceeded SuitePath"),
            lacks="the list of suites",
            in_list=True,
        ),
        "ginkgo",
    ),
    json_format(
        "ctrf",
        "CTRF JSON",
        Members(
            # Mochawesome's results are a list.
            ("results.tests[] results{}", "results.tests results.tool"),
            meant=("reportFormat specVersion", "results.tool results.summary"),
            lacks="`results.tests`",
        ),
        "ctrf",
    ),
    json_format(
        "newman",
        "Newman JSON",
        Members(
            ("run.executions[] run.stats", "run.executions[] run.failures", "run.executions[] collection{}"),
            meant=("run.stats{} run.failures[] collection{}",),
            lacks="`run.executions`",
        ),
        "newman",
        confidential=True,
    ),
    json_format(
        "allure",
        "Allure results",
        # Containers have `uuid`, `name`, `start` and `stop` as well.
        Members(
            (
                "uuid historyId",
                "uuid testCaseId",
                "uuid status start",
                "uuid fullName start",
                "uuid labels[] steps[]",
                "uuid statusDetails{}",
                "uuid stage",
            ),
            meant=("historyId labels[] steps[]", "historyId status statusDetails{}"),
            lacks="`uuid`",
        ),
        "allure",
    ),
    json_format(
        "xcresult",
        "Xcode's test results",
        Members(
            ("testNodes[] testPlanConfigurations[]", "testNodes[] devices[]"),
            meant=("testPlanConfigurations[] devices[]",),
            lacks="`testNodes`: run `xcresulttool get test-results tests`",
        ),
        "xcresult",
    ),
    json_format(
        "cucumber",
        "Cucumber JSON",
        # A feature without scenarios has no elements.
        Members(
            (
                "elements name",
                "elements uri",
                "elements description",
                "keyword name uri",
                "keyword name location",
            ),
            meant=("elements[] keyword uri", "elements[] keyword location"),
            lacks="the list of features",
            in_list=True,
        ),
        "cucumber",
    ),
    json_format(
        "cucumber-messages",
        "Cucumber messages",
        Members(
            ("meta.protocolVersion", "testRunStarted.timestamp", "testCase.pickleId"),
            meant=("testCaseFinished.testCaseStartedId", "testStepFinished.testStepResult"),
            lacks="`meta` and `testRunStarted`, which come first",
        ),
        "cucumber_messages",
    ),
    json_format(
        "mocha",
        "Mocha JSON",
        # Mochawesome has such a `stats` as well.
        Members(
            ("stats.passes tests",),
            meant=("stats.passes failures[]", "stats.passes passes[]"),
            lacks="`tests`",
        ),
        "mocha",
    ),
    json_format(
        "mochawesome",
        "Mochawesome JSON",
        Members(
            ("stats.testsRegistered results[]", "stats.hasOther results[]"),
            meant=("stats.testsRegistered stats.passes", "stats.hasOther stats.passes"),
            lacks="the list `results`",
        ),
        "mochawesome",
    ),
    json_format(
        "testcafe",
        "TestCafe JSON",
        Members(
            ("userAgents fixtures[]",),
            meant=("userAgents startTime passed",),
            lacks="the list `fixtures`",
        ),
        "testcafe",
    ),
    json_format(
        "karma",
        "Karma JSON",
        Members(
            ("browsers{} result{}",),
            meant=("summary.disconnected summary.exitCode",),
            lacks="`browsers` and `result`",
        ),
        "karma",
    ),
    json_format(
        "rspec",
        "RSpec JSON",
        Members(
            ("examples.full_description", "examples[] summary.example_count", "examples[] summary_line"),
            meant=("summary.example_count", "summary_line version summary{}"),
            lacks="`examples`",
        ),
        "rspec",
    ),
    json_format(
        "pytest-json-report",
        "pytest-json-report",
        Members(
            ("exitcode tests[] summary.total", "exitcode tests[] summary.collected"),
            meant=("exitcode summary.collected", "exitcode summary.total"),
            lacks="`tests`: run pytest without --json-report-summary",
        ),
        "pytest.json_report",
    ),
    json_format(
        "jest",
        "Jest and Vitest JSON",
        Members(
            ("numTotalTests testResults", "numFailedTests testResults"),
            meant=("numTotalTests numFailedTests", "numTotalTestSuites success"),
            lacks="`testResults`",
        ),
        "jest",
    ),
    json_format(
        "googletest",
        "GoogleTest JSON",
        # A list of tests has neither failures nor disabled tests.
        Members(
            ("testsuites[] disabled failures",),
            meant=("disabled failures errors tests timestamp name",),
            lacks="`testsuites`",
        ),
        "googletest",
    ),
    text_format("exunit", "ExUnit text", _EXUNIT, "exunit"),
    text_format("tap", "TAP", _TAP, "tap"),
)
"""In this order. The first that recognises a file reads it."""
