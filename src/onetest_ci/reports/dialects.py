"""The dialects that are read; a new one is a module in ``native`` and a row here."""

from onetest_ci.errors import ReportError
from onetest_ci.reports import junit
from onetest_ci.reports.dialect import Dialect, Head
from onetest_ci.reports.signs import json_dialect, keys, lines, root, text_dialect, xml_dialect
from onetest_ci.reports.sniff import describe

DIALECTS: tuple[Dialect, ...] = (
    junit.DIALECT,
    xml_dialect("trx", "TRX", root("TestRun", namespace="TeamTest"), "trx"),
    xml_dialect("xunit.net", "xUnit.net XML", root("assemblies", "assembly"), "xunitnet"),
    xml_dialect("nunit3", "NUnit 3 XML", root("test-run"), "nunit3"),
    xml_dialect("nunit2", "NUnit 2 XML", root("test-results"), "nunit2"),
    xml_dialect("testng", "TestNG XML", root("testng-results"), "testng"),
    xml_dialect("robot", "Robot Framework XML", root("robot"), "robot"),
    xml_dialect("ctest", "CTest XML", root("Site"), "ctest"),
    xml_dialect("boost.test", "Boost.Test XML", root("TestLog", "TestResult"), "boost"),
    xml_dialect("cunit", "CUnit XML", root("CUNIT_TEST_RUN_REPORT"), "cunit"),
    xml_dialect("qtest", "Qt Test XML", root("TestCase"), "qtest"),
    xml_dialect("check", "Check XML", root("testsuites", namespace=junit.CHECK_NAMESPACE), "check"),
    xml_dialect("cppunit", "CppUnit XML", root("TestRun", namespace=""), "cppunit"),
    xml_dialect("unittest++", "UnitTest++ XML", root("unittest-results"), "unittestpp"),
    xml_dialect("catch2", "Catch2 XML", root("Catch2TestRun", "Catch"), "catch2"),
    xml_dialect("doctest", "doctest XML", root("doctest"), "doctest"),
    json_dialect("go", "go test -json", keys("Action", any_of=("Package", "ImportPath")), "gotest"),
    json_dialect("dart", "Dart and Flutter JSON", keys("protocolVersion", "type"), "dart"),
    json_dialect("playwright", "Playwright JSON", keys("config", "suites"), "playwright"),
    json_dialect("ctrf", "CTRF JSON", keys("results", any_of=("results.tool", "results.tests")), "ctrf"),
    json_dialect("allure", "Allure results", keys("uuid", "status", any_of=("historyId", "start")), "allure"),
    json_dialect(
        "cucumber", "Cucumber JSON", keys("elements", any_of=("name", "uri", "description")), "cucumber"
    ),
    json_dialect("mocha", "Mocha JSON", keys("stats", "tests", any_of=("stats.passes",)), "mocha"),
    json_dialect("rspec", "RSpec JSON", keys("examples", any_of=("version", "summary")), "rspec"),
    text_dialect("tap", "TAP", lines(r"TAP version \d|1\.\.\d+\b|(?:not )?ok \d+", ignoring="#"), "tap"),
)
"""Asked in this order; the first that knows the file's head reads it."""


def dialect_of(head: Head) -> Dialect | None:
    """The dialect of a file, None when no one knows it."""
    return next((dialect for dialect in DIALECTS if dialect.sniff(head)), None)


def pinned(name: str, head: Head) -> Dialect | None:
    """The dialect that the user names, None when the file cannot be of it whatever its root element is."""
    dialect = next(dialect for dialect in DIALECTS if dialect.name == name)
    return dialect if dialect.sniff(head) or dialect.may_be(head) else None


def unknown(path: str, head: Head) -> ReportError:
    """The error for a file that was to be a report and is none."""
    titles = ", ".join(dialect.title for dialect in DIALECTS)
    return ReportError(
        "unknown-format",
        f"{path} is no test report that is read today: it is {describe(head)}.",
        f"What is read: {titles}. If the file is one of these and does not look it, name it, as with "
        "--report-format junit.",
    )
