"""The formats that are read; a new one is a module in this folder and a row here."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from onetest_ci.errors import ReportError
from onetest_ci.reports.detection import Clues, describe, read_head
from onetest_ci.reports.engine.format import (
    Format,
    Members,
    json_format,
    lines,
    root,
    text_format,
    xml_format,
)
from onetest_ci.reports.engine.head import NAMED_FILE, FileHints, Head
from onetest_ci.reports.engine.reading import ByteStream
from onetest_ci.reports.formats import junit

_TAP: Final = lines(
    certain=r"TAP version \d",
    # A plan on a line of its own; a test point if a plan follows, or a failure.
    likely=r"1\.\.\d+[ \t\r]*(?:#[^\n]*)?$|not ok \d+|ok \d.*^(?:1\.\.\d|not ok\b)|Bail out!",
    possible=r"1\.\.\d+\b|ok(?: \d+| - |[ \t\r]*$)|not ok\b|Bail out!",
    within=r"TAP version \d+[ \t\r]*$",
)

FORMATS: tuple[Format, ...] = (
    junit.FORMAT,
    xml_format(
        "trx",
        "TRX",
        root("TestRun", namespace="TeamTest"),
        "trx",
        needs="ResultSummary Results TestDefinitions",
        marks=r"TestRun\s[^>]*(?:TeamTest|runUser=)",
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
        marks=r"assemblies(?![\w.-])|assembly\s[^>]*(?:run-date|test-framework)=",
    ),
    xml_format("nunit3", "NUnit 3 XML", root("test-run"), "nunit3", needs="test-suite testcasecount"),
    xml_format("nunit2", "NUnit 2 XML", root("test-results"), "nunit2", needs="test-suite total"),
    xml_format("testng", "TestNG XML", root("testng-results"), "testng", needs="suite class total"),
    xml_format(
        "robot",
        "Robot Framework XML",
        # ROS describes robots in documents of that name.
        root("robot", having="generator", holding="suite"),
        "robot",
        needs="suite",
        marks=r"robot\s[^>]*\bgenerator=",
    ),
    xml_format(
        "ctest",
        "CTest XML",
        # CTest's other steps, as Build.xml and Configure.xml, have that root as well.
        root("Site", holding="Testing DynamicAnalysis"),
        "ctest",
        needs="Testing DynamicAnalysis",
        marks=r"Site\s[^>]*Generator=.ctest",
    ),
    xml_format(
        "boost.test",
        "Boost.Test XML",
        root(
            "TestLog", "TestResult", holding="TestSuite TestCase Message Warning Error FatalError Exception"
        ),
        "boost",
        needs="TestLog TestSuite",
        marks=r"TestLog(?![\w.-])",
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
        root("testsuites", namespace=junit.CHECK_NAMESPACE),
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
        marks=r"Catch2TestRun(?![\w.-])",
    ),
    xml_format(
        "doctest",
        "doctest XML",
        root("doctest", having="binary", holding="Options TestSuite OverallResultsAsserts"),
        "doctest",
        needs="Options TestSuite TestCase OverallResultsAsserts",
        marks=r"doctest\s[^>]*binary=",
    ),
    json_format(
        "go",
        "go test -json",
        Members(
            ("Action Package", "Action ImportPath"),
            marks=("Action Test",),
            needs="Package: run `go tool test2json` with -p",
        ),
        "go",
    ),
    json_format(
        "dart",
        "Dart and Flutter JSON",
        Members(
            ("protocolVersion type",),
            marks=("testID type time", "protocolVersion runnerVersion"),
            needs="the event `start`, which comes first",
        ),
        "dart",
    ),
    json_format(
        "playwright",
        "Playwright JSON",
        Members(
            ("suites config",),
            marks=("config.forbidOnly config.projects", "suites[] errors[] stats.unexpected"),
            needs="`config` and `suites`",
        ),
        "playwright",
    ),
    json_format(
        "ctrf",
        "CTRF JSON",
        Members(
            ("results.tests[]", "results.tests results.tool"),
            marks=("reportFormat specVersion", "results.tool results.summary"),
            needs="`results.tests`",
        ),
        "ctrf",
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
            marks=("historyId labels[] steps[]", "historyId status statusDetails{}"),
            needs="`uuid`",
        ),
        "allure",
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
            marks=("elements[] keyword uri", "elements[] keyword location"),
            needs="the list of features",
            in_list=True,
        ),
        "cucumber",
    ),
    json_format(
        "mocha",
        "Mocha JSON",
        # Mochawesome has such a `stats` as well.
        Members(
            ("stats.passes tests",),
            marks=("stats.passes failures[]", "stats.passes passes[]"),
            needs="`tests`",
        ),
        "mocha",
    ),
    json_format(
        "rspec",
        "RSpec JSON",
        Members(
            ("examples.full_description", "examples[] summary.example_count", "examples[] summary_line"),
            marks=("summary.example_count", "summary_line version summary{}"),
            needs="`examples`",
        ),
        "rspec",
    ),
    text_format("tap", "TAP", _TAP, "tap"),
)
"""Asked in this order; the first that accepts the file's head reads it."""

_CLUES: Final = Clues(
    tuple(sign for report_format in FORMATS for sign in report_format.signs),
    frozenset(name for report_format in FORMATS for name in report_format.shared),
)


def head_of(stream: ByteStream, place: FileHints = NAMED_FILE) -> Head:
    """Return what decides the format of a file. The stream is at its start again afterwards.

    Args:
        stream: the file, at its start.
        place: what the file's name and the way it was found allow.

    Raises:
        ReportError: nothing comes out of an archive.
    """
    return read_head(stream, _CLUES, place)


def format_of(head: Head) -> Format | None:
    """Return the format of a file. None if no format accepts it."""
    return next((report_format for report_format in FORMATS if report_format.recognises(head)), None)


def hidden(head: Head) -> Format | None:
    """Return the format of a report that other text hides in a file of a runner's output. None for others."""
    if head.xml is not None or head.json is not None or head.place.text_before or not head.place.of_runner:
        return None
    return format_of(head_of(BytesIO(head.data)))


def pinned(name: str, head: Head) -> Format | None:
    """Return the format that the user names. None if the file cannot be of it, whatever its root element."""
    report_format = next(report_format for report_format in FORMATS if report_format.name == name)
    return report_format if report_format.recognises(head) or report_format.could_be(head) else None


def report_beside(text: Iterator[bytes]) -> str:
    """Return the kind of a report in the text beside another report. Empty for none.

    Args:
        text: in pieces; read to its end.
    """
    # Few files have such text.
    from onetest_ci.reports.engine.other_report import find_report  # noqa: PLC0415

    titles = {report_format.name: report_format.title for report_format in FORMATS}
    return find_report(text, _CLUES.signs, titles.__getitem__)


def unfinished(path: str, head: Head) -> ReportError | None:
    """Return the error for a file with the marks of a format that lacks what is read of it."""
    report_format = next((report_format for report_format in FORMATS if report_format.is_meant(head)), None)
    if report_format is None:
        return None
    if head.begun:
        return ReportError(
            "broken-xml",
            f"{path} looks like {report_format.title}, but its root element is broken or cut off.",
            "A test runner that was killed leaves such a file; see its log.",
        )
    return lacking(path, report_format, f"does not have what is read of it: {report_format.needs[0]}")


def lacking(path: str, report_format: Format, what: str) -> ReportError:
    """Return the error for a file that is of a format, and not all that the format needs."""
    return ReportError(
        "incomplete-report",
        f"{path} looks like {report_format.title}, but {what}.",
        f"See what wrote the file. If it is not a report, exclude it with '!{path}'.",
    )


def unknown(path: str, head: Head) -> ReportError:
    """Return the error for a file that the user named and that no format accepts."""
    titles = ", ".join(report_format.title for report_format in FORMATS)
    return ReportError(
        "unknown-format",
        f"{path} is not a test report that is read today: it is {describe(head)}.",
        f"What is read: {titles}. If the file is one of these and does not look it, name it, as with "
        "--report-format junit.",
    )
