"""What the tools for C and C++ count as a failure, on the smallest documents that show it."""

import pytest

from support.reading import Read, read_report


def statuses(document: str) -> list[tuple[str, str]]:
    return read_report(document).statuses


# CTest


def ctest(status: str, completion: str | None, command: str = "", more: str = "") -> Read:
    named = '<NamedMeasurement name="{}"><Value>{}</Value></NamedMeasurement>'
    measured = "" if completion is None else named.format("Completion Status", completion)
    return read_report(
        f"<Site><Testing><Test Status='{status}'><Name>a</Name><FullCommandLine>{command}</FullCommandLine>"
        f"<Results>{measured}{more}</Results></Test></Testing></Site>"
    )


@pytest.mark.parametrize("completion", ["Disabled", "SKIP_RETURN_CODE=77", "SKIP_REGULAR_EXPRESSION_MATCHED"])
def test_ctest_disabled_and_skipped(completion: str) -> None:
    assert ctest("notrun", completion).case.status == "skipped"


@pytest.mark.parametrize("command", ["", "/bin/sh"])
@pytest.mark.parametrize(
    "completion",
    [
        "Failed to change working directory",
        "Failed to start",
        "Fixture dependency failed",
        "Insufficient resources",
        "Invalid Test Properties",
        "Missing Configuration",
        "Not Run",
        "Required Files Missing",
        "Unable to find executable",
    ],
)
def test_ctest_could_not_run_it(completion: str, command: str) -> None:
    case = ctest("notrun", completion, command).case
    assert (case.status, case.message) == ("failed", completion)


@pytest.mark.parametrize("completion", [None, "", "a reason of the future", "disabled by nobody"])
def test_ctest_started_nothing_for_an_unknown_reason(completion: str | None) -> None:
    assert ctest("NotRun ", completion).case.status == "failed"


@pytest.mark.parametrize("completion", ["Completed", "no printer"])
def test_ctest_skips_what_it_started_but_did_not_count_as_run(completion: str) -> None:
    """CMake before 3.9 writes the first, a test that prints ``CTestDetails`` the second."""
    assert ctest("notrun", completion, "/bin/sh").case.status == "skipped"


def test_the_limit_of_texts_changes_no_verdict() -> None:
    measured = '<NamedMeasurement name="Completion Status"><Value>Disabled</Value></NamedMeasurement>'
    test = f'<Test Status="notrun"><Name>abcdef</Name><Results>{measured}</Results></Test>'
    read = read_report(f"<Site><Testing>{test}</Testing></Site>", text_limit=2)
    assert read.statuses == [("abcdef", "skipped")]
    totals = cunit_summary(("Suites", "0"), ("Test Cases", "12345"))
    read = read_report(f"<CUNIT_TEST_RUN_REPORT>{totals}</CUNIT_TEST_RUN_REPORT>", text_limit=2)
    assert read.case.status == "error"


def test_ctest_failed_with_any_output() -> None:
    assert ctest("failed", "Disabled", "/bin/sh").case.status == "failed"
    own = '<NamedMeasurement name="Completion Status"><Value>Disabled</Value></NamedMeasurement>'
    assert ctest("notrun", "Unable to find executable", more=own).case.status == "failed"


def test_ctest_status_that_is_not_known() -> None:
    read = ctest("sideways", "Completed")
    assert read.case.status == "error"
    assert "'sideways'" in read.reading.warnings[0]


@pytest.mark.parametrize(
    ("log", "status"),
    [
        ("eJxzySxOTMpJTeECABC7AyM=", "skipped"),
        ("eJzTL8kt0E8uAOKS1OIS/bLEnPSizLwUKwVjK4XUitRkKwUrhYDUotzM4uLM/DyFlNS8zNQULgALLBLH====", "failed"),
    ],
)
def test_ctest_tells_in_the_log_of_a_dynamic_analysis_why_a_test_did_not_run(log: str, status: str) -> None:
    """Two logs as CTest packs them; the padding of the second is wrong."""
    read = read_report(
        "<Site><DynamicAnalysis><Test Status='notrun'><Name>a</Name><FullCommandLine/><Results/>"
        f"<Log compression='gzip' encoding='base64'>{log}</Log></Test></DynamicAnalysis></Site>"
    )
    assert read.case.status == status
    assert read.case.details or read.case.system_out
    assert read.reading.warnings == ()


# Boost.Test


def boost(
    result: str, inside: str = "", *, name: str = "M", failed: int = 0, cases: int | None = None
) -> str:
    counts = f'assertions_failed="{failed}"' + ("" if cases is None else f' test_cases_failed="{cases}"')
    return f'<TestSuite name="{name}" result="{result}" {counts}>{inside}</TestSuite>'


def boost_case(result: str, failed: int = 0) -> str:
    return f'<TestCase name="a" result="{result}" assertions_failed="{failed}"></TestCase>'


@pytest.mark.parametrize("result", ["failed", "aborted", "timed-out", " FAILED ", "sideways"])
def test_a_suite_of_boost_that_failed_though_no_case_did(result: str) -> None:
    inner = boost(result, boost_case("passed"), name="inner")
    for document in (boost(result, boost_case("passed")), boost("passed", inner), boost(result, inner)):
        found = statuses(f"<TestResult>{document}</TestResult>")
        assert [status for _, status in found] == ["passed", "error"]


@pytest.mark.parametrize("result", ["passed", "skipped", "warning"])
def test_a_suite_of_boost_that_did_not_fail(result: str) -> None:
    document = boost(result, boost("skipped", name="inner") + boost_case("passed"))
    assert statuses(f"<TestResult>{document}</TestResult>") == [("a", "passed")]


def test_a_fixture_of_boost_that_fails_beside_a_case() -> None:
    inner = boost("failed", boost_case("failed", 2), name="inner", failed=3, cases=1)
    document = boost("failed", inner, failed=3, cases=1)
    assert statuses(f"<TestResult>{document}</TestResult>") == [("a", "failed"), ("inner", "error")]


def test_failures_that_boost_expects_are_not_evidence() -> None:
    case = '<TestCase name="a" result="passed" assertions_failed="{}" expected_failures="1"/>'
    for failed, status in ((1, "passed"), (2, "failed")):
        document = boost("passed", case.format(failed), failed=failed, cases=0)
        assert statuses(f"<TestResult>{document}</TestResult>") == [("a", status)]


def test_each_outermost_suite_of_boost_counts() -> None:
    document = boost("failed", cases=1) + boost("failed", boost_case("failed", 1), failed=1, cases=1)
    assert statuses(f"<TestResult>{document}</TestResult>") == [("a", "failed"), ("M", "error")]
    document = boost("failed") + boost("passed", boost_case("passed"), name="N")
    assert statuses(f"<TestResult>{document}</TestResult>") == [("M", "error"), ("a", "passed")]


def test_a_case_in_a_report_of_boost_without_a_result() -> None:
    read = read_report('<TestResult><TestCase name="a" assertions_failed="0"/></TestResult>')
    assert read.case.status == "error"


def test_an_error_in_a_suite_inside_a_case_of_boost() -> None:
    inner = '<TestSuite name="inner"><Error file="f.cpp" line="2">no database</Error></TestSuite>'
    document = f'<TestLog><TestSuite name="M"><TestCase name="a">{inner}</TestCase></TestSuite></TestLog>'
    assert statuses(document) == [("inner", "error"), ("a", "passed")]


# CUnit


def cunit(inside: str, summary: str = "") -> Read:
    return read_report(f"<CUNIT_TEST_RUN_REPORT>{inside}{summary}</CUNIT_TEST_RUN_REPORT>")


def record(kind: str, name: str, more: str = "") -> str:
    element = f"CUNIT_RUN_TEST_{kind}"
    inside = f"<{element}><TEST_NAME> {name} </TEST_NAME>{more}</{element}>"
    return f"<CUNIT_RUN_TEST_RECORD>{inside}</CUNIT_RUN_TEST_RECORD>"


def cunit_summary(*rows: tuple[str, str]) -> str:
    of = "<CUNIT_RUN_SUMMARY_RECORD><TYPE> {} </TYPE><FAILED> {} </FAILED></CUNIT_RUN_SUMMARY_RECORD>"
    return f"<CUNIT_RUN_SUMMARY>{''.join(of.format(*row) for row in rows)}</CUNIT_RUN_SUMMARY>"


def test_cunit_skips_and_records_that_are_not_known() -> None:
    reason = "<SKIP_REASON> not on CI </SKIP_REASON>"
    records = record("SUCCESS", "a") + record("SKIPPED", "b", reason) + record("SIDEWAYS", "c")
    read = cunit(records)
    assert read.statuses == [("a", "passed"), ("b", "skipped"), ("c", "error")]
    assert read.cases[1].message == "not on CI"
    assert "'CUNIT_RUN_TEST_SIDEWAYS'" in read.reading.warnings[0]


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ((("Suites", "0"), ("Test Cases", "1"), ("Assertions", "5")), 0),
        ((("Suites", "1"), ("Test Cases", "1"), ("Assertions", "5")), 1),
        ((("Suites", "0"), ("Test Cases", "3"), ("Assertions", "5")), 1),
        ((("Suiten", "0"), ("Testfälle", "1"), ("Zusicherungen", "5")), 0),
        ((("Test Groups", "- NA -"), ("Test Cases", "5")), 0),
        ((("Suites", "- NA -"), ("Test Cases", "2")), 1),
        ((("Test Cases", "1"), ("Assertions", "5")), 0),
    ],
)
def test_cunit_totals(rows: tuple[tuple[str, str], ...], errors: int) -> None:
    read = cunit(record("FAILURE", "a") + record("SUCCESS", "b"), cunit_summary(*rows))
    assert read.statuses == [("a", "failed"), ("b", "passed"), *[("(run)", "error")] * errors]


# Qt Test


def qtest(inside: str) -> Read:
    return read_report(f'<TestCase name="C">{inside}</TestCase>')


def test_a_function_of_qt_without_a_result_is_an_error() -> None:
    read = qtest('<TestFunction name="f"><Message type="qdebug"/><Duration msecs="1"/></TestFunction>')
    assert read.case.status == "error"
    assert "no result" in read.reading.warnings[0]


@pytest.mark.parametrize("kind", ["qfatal", "QFatal"])
def test_a_fatal_message_of_qt_is_a_failure(kind: str) -> None:
    message = f'<Message type="{kind}"><Description>no database</Description></Message>'
    read = qtest(f'<TestFunction name="f">{message}<Incident type="pass"/></TestFunction>')
    assert (read.case.status, read.case.message) == ("failed", "no database")


@pytest.mark.parametrize("element", ["Incident", "Message"])
@pytest.mark.parametrize(
    ("kind", "found"),
    [("fail", True), ("xpass", True), ("qfatal", True), ("pass", False), ("skip", False), ("bfail", False)],
)
def test_elements_outside_of_functions_of_qt(element: str, kind: str, found: bool) -> None:
    description = "<Description>no database</Description>"
    read = qtest(f'<{element} type="{kind}">{description}</{element}>')
    is_verdict = found and (element == "Incident" or kind == "qfatal")
    assert read.statuses == [("C", "error")] * is_verdict


def test_one_row_of_qt_decides_for_its_function() -> None:
    rows = "".join(f'<Incident type="{kind}"/>' for kind in ("pass", "bfail", "fail", "skip", "xfail"))
    assert qtest(f'<TestFunction name="f">{rows}</TestFunction>').case.status == "failed"


# CppUnit


def cppunit(inside: str, statistics: str = "") -> Read:
    return read_report(f"<TestRun>{inside}<Statistics>{statistics}</Statistics></TestRun>")


PASSED_TEST = "<SuccessfulTests><Test><Name>A::a</Name></Test></SuccessfulTests>"
FAILED_TEST = "<FailedTests><FailedTest><Name>A::b</Name></FailedTest></FailedTests>"


def test_a_test_of_cppunit_in_an_unknown_section() -> None:
    read = cppunit(PASSED_TEST + "<CrashedTests><Test><Name>A::c</Name></Test></CrashedTests>")
    assert read.statuses == [("a", "passed"), ("c", "error")]
    assert "none of the known sections" in read.reading.warnings[0]


@pytest.mark.parametrize(
    ("statistics", "errors"),
    [
        # A test and its tearDown failed.
        ("<Tests>2</Tests><FailuresTotal>2</FailuresTotal><Errors>1</Errors><Failures>1</Failures>", 0),
        ("<Tests>3</Tests><FailuresTotal>2</FailuresTotal>", 1),
        ("<Tests>3</Tests><Errors>1</Errors><Failures>1</Failures>", 1),
        ("<Tests>3</Tests><FailuresTotal>1</FailuresTotal>", 0),
        ("<FailuresTotal>2</FailuresTotal>", 0),
    ],
)
def test_cppunit_totals(statistics: str, errors: int) -> None:
    read = cppunit(FAILED_TEST + PASSED_TEST, statistics)
    assert read.statuses == [("b", "failed"), ("a", "passed"), *[("(run)", "error")] * errors]


@pytest.mark.parametrize(
    "statistics", ["<FailuresTotal>1</FailuresTotal>", "<Tests>1</Tests><Errors>1</Errors>"]
)
def test_cppunit_counts_failures_before_the_tests_and_none_is_there(statistics: str) -> None:
    read = read_report(f"<TestRun><Statistics>{statistics}</Statistics>{PASSED_TEST}</TestRun>")
    assert read.statuses == [("a", "passed"), ("(run)", "error")]


# UnitTest++


@pytest.mark.parametrize(("failed", "errors"), [("1", 0), ("2", 1), ("", 0)])
def test_unittestpp_totals(failed: str, errors: int) -> None:
    tests = '<test suite="S" name="a"><failure message="x"/></test><test suite="S" name="b"/>'
    root = f'<unittest-results tests="2" failedtests="{failed}" failures="5">{tests}</unittest-results>'
    assert statuses(root) == [("a", "failed"), ("b", "passed"), *[("(run)", "error")] * errors]


def test_unittestpp_counts_failures_of_no_test() -> None:
    root = '<unittest-results failedtests="0" failures="3"><test suite="S" name="b"/></unittest-results>'
    assert statuses(root) == [("b", "passed"), ("(run)", "error")]


# Catch2


@pytest.mark.parametrize(
    ("totals", "errors"),
    [
        ('<OverallResults failures="9"/><OverallResultsCases failures="1" expectedFailures="2"/>', 0),
        ('<OverallResults failures="9"/><OverallResultsCases failures="2"/>', 1),
        ('<OverallResultsCases failures="2"/><OverallResultsCases failures="0"/>', 1),
        ('<OverallResults failures="9"/>', 0),
    ],
)
def test_catch2_totals(totals: str, errors: int) -> None:
    cases = '<TestCase name="a"><OverallResult success="false"/></TestCase>'
    read = read_report(f'<Catch2TestRun name="t">{cases}{totals}</Catch2TestRun>')
    assert read.statuses == [("a", "failed"), *[("t", "error")] * errors]


def test_what_may_fail_in_catch2_and_what_ends_the_process() -> None:
    failed = '<Section name="s"><Expression success="false"/><OverallResults failures="1"/></Section>'
    fatal = "<FatalErrorCondition>SIGSEGV</FatalErrorCondition>"
    case = '<TestCase name="{}" tags="[!mayfail]">{}<OverallResult success="true"/></TestCase>'
    read = read_report(
        f'<Catch2TestRun name="t">{case.format("a", failed)}{case.format("b", fatal)}'
        '<OverallResults failures="0" expectedFailures="1"/></Catch2TestRun>'
    )
    assert read.statuses == [("a", "passed"), ("b", "error")]


@pytest.mark.parametrize(
    ("tags", "status"), [("", "failed"), ("[a][!mayfail]", "passed"), ("[!ShouldFail]", "passed")]
)
def test_a_section_that_failed_in_a_case_of_catch2_that_passed(tags: str, status: str) -> None:
    section = '<Section name="s"><OverallResults successes="0" failures="1"/></Section>'
    case = f'<TestCase name="a" tags="{tags}">{section}<OverallResult success="true"/></TestCase>'
    assert statuses(f'<Catch name="t">{case}</Catch>') == [("a", status)]


# doctest


@pytest.mark.parametrize(
    ("attributes", "failures", "exception", "status"),
    [
        ('should_fail="true"', 1, False, "passed"),
        ('should_fail="true"', 0, True, "passed"),
        ('should_fail="true"', 0, False, "failed"),
        ('may_fail="true"', 1, False, "passed"),
        ('may_fail="true"', 0, False, "passed"),
        ("", 0, True, "error"),
        ("", 1, False, "failed"),
    ],
)
def test_a_case_of_doctest_that_has_no_verdict(
    attributes: str, failures: int, exception: bool, status: str
) -> None:
    inside = '<Exception crash="false">x</Exception>' * exception
    case = (
        f'<TestCase name="a" {attributes}>{inside}<OverallResultsAsserts failures="{failures}"/></TestCase>'
    )
    assert statuses(f"<doctest><TestSuite>{case}</TestSuite></doctest>") == [("a", status)]


@pytest.mark.parametrize(
    ("of_case", "of_result", "status"),
    [("", "", "failed"), ('may_fail="true"', "", "passed"), ("", 'expected_failures="1"', "passed")],
)
def test_failures_in_a_case_of_doctest_that_succeeded(of_case: str, of_result: str, status: str) -> None:
    result = f'<OverallResultsAsserts failures="1" test_case_success="true" {of_result}/>'
    case = f'<TestCase name="a" {of_case}>{result}</TestCase>'
    assert statuses(f"<doctest><TestSuite>{case}</TestSuite></doctest>") == [("a", status)]


def test_a_crash_in_doctest_is_an_error_in_any_case() -> None:
    crash = '<Exception crash="true">SIGSEGV</Exception><OverallResultsAsserts test_case_success="true"/>'
    case = f'<TestCase name="a" may_fail="true">{crash}</TestCase>'
    assert statuses(f"<doctest><TestSuite>{case}</TestSuite></doctest>") == [("a", "error")]


def test_a_skipped_case_of_doctest_has_no_exception() -> None:
    case = '<TestCase name="{}" skipped="true">{}</TestCase>'
    cases = case.format("a", "") + case.format("b", "<Exception>x</Exception>")
    assert statuses(f"<doctest><TestSuite>{cases}</TestSuite></doctest>") == [
        ("a", "skipped"),
        ("b", "error"),
    ]


@pytest.mark.parametrize(("failures", "errors"), [("1", 0), ("2", 1), ("", 0)])
def test_doctest_totals(failures: str, errors: int) -> None:
    case = '<TestCase name="a"><OverallResultsAsserts failures="3" test_case_success="false"/></TestCase>'
    totals = (
        f'<OverallResultsAsserts failures="9"/><OverallResultsTestCases failures="{failures}" skipped="5"/>'
    )
    document = f'<doctest binary="/b/cart"><TestSuite>{case}</TestSuite>{totals}</doctest>'
    assert statuses(document) == [("a", "failed"), *[("cart", "error")] * errors]
