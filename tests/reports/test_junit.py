"""The JUnit reader, rule by rule, on small documents as tools write them."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from onetest_ci.model import Attachment, Case, Suite
from onetest_ci.reports.counts import Counts
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats import junit

Read = Callable[..., Any]


def test_a_case_with_all_that_its_attributes_say(read: Read) -> None:
    document = """<testsuites><testsuite name="s" timestamp="2026-01-02T03:04:05Z">
      <testcase classname="a.B" name="c[1]" file="a.py" line="7" time="1.5"/></testsuite></testsuites>"""

    assert read(document).records == [
        Suite(0, None, "s", 1767323045.0),
        Case(0, 0, "c[1]", "a.B", "passed", 1.5, 1767323045.0, file="a.py", line=7),
    ]


@pytest.mark.parametrize(
    ("document", "places"),
    [
        ('<testsuites><testcase name="a"/></testsuites>', [None]),
        ('<testsuite name="s"><testcase name="a"/></testsuite>', [0]),
        (
            """<testsuites><testsuite name="s"><testsuite name="t"><testcase name="a"/></testsuite>
            <testcase name="b"/></testsuite><testcase name="c"/></testsuites>""",
            [1, 0, None],
        ),
        ('<testsuites xmlns="urn:x"><testsuite name="s"><testcase name="a"/></testsuite></testsuites>', [0]),
        (
            """<j:testsuites xmlns:j="urn:x"><j:testsuite name="s"><j:testcase name="a"><j:failure/>
            </j:testcase></j:testsuite></j:testsuites>""",
            [0],
        ),
        ('<testsuite><group><testcase name="a"/></group></testsuite>', [0]),
        ('<testsuites><TestSuite><TestCase name="a"/></TestSuite></testsuites>', [0]),
    ],
    ids=["no suite", "bare suite", "nested", "namespace", "prefix", "unknown element between", "capitals"],
)
def test_cases_are_found_wherever_they_stand(read: Read, document: str, places: list[int | None]) -> None:
    assert [case.suite for case in read(document).cases] == places


def test_a_suite_names_its_parent_and_comes_before_its_cases(read: Read) -> None:
    document = """<testsuites><testsuite name="s" file="s.php"><testsuite name="t"><testcase name="a"/>
      </testsuite></testsuite><testsuite name="empty"/></testsuites>"""

    assert read(document).records == [
        Suite(0, None, "s", file="s.php"),
        Suite(1, 0, "t"),
        Case(0, 1, "a"),
        Suite(2, None, "empty"),
    ]


@pytest.mark.parametrize(
    ("inside", "status", "message"),
    [
        ("", "passed", ""),
        ("<system-out>x</system-out>", "passed", ""),
        ('<skipped message="no"/>', "skipped", "no"),
        ("<skipped>why not</skipped>", "skipped", "why not"),
        ('<failure message="f">trace</failure>', "failed", "f"),
        ("<failure>\n first line\nsecond</failure>", "failed", "first line"),
        ('<error message="e"/>', "error", "e"),
        ('<skipped message="s"/><failure message="f"/>', "failed", "f"),
        ('<failure message="f"/><skipped message="s"/>', "failed", "f"),
        ('<failure message="f"/><error message="e"/>', "error", "f"),
        ('<error message="e"/><failure message="f"/>', "error", "e"),
        ('<Failure message="f"/>', "failed", "f"),
        ('<x:ERROR xmlns:x="urn:x" message="e"/>', "error", "e"),
        ('<Skipped message="s"/><Failure message="f"/>', "failed", "f"),
        ('<details><failure message="f"/></details>', "failed", "f"),
    ],
)
def test_the_worst_element_decides(read: Read, inside: str, status: str, message: str) -> None:
    case = read(f'<testsuite><testcase name="a">{inside}</testcase></testsuite>').case

    assert (case.status, case.message) == (status, message)


@pytest.mark.parametrize(
    "attribute",
    [
        'status="notrun"',
        'status="disabled"',
        'status="Ignored"',
        'result="suppressed"',
        'status="run" result="skipped"',
    ],
)
def test_a_case_with_a_word_for_not_run_is_skipped(read: Read, attribute: str) -> None:
    case = read(f'<testsuite><testcase name="a" {attribute}/></testsuite>').case
    failed = read(f'<testsuite><testcase name="a" {attribute}><failure/></testcase></testsuite>').case

    assert case.status == "skipped"
    assert failed.status == "failed"


@pytest.mark.parametrize(
    "attribute",
    [
        'status="FAILED"',
        'status="TIMED OUT"',
        'status="Failed with errors"',
        'status="not ok"',
        'status="Unexpected success"',
        'status="unexpectedFailure"',
        'status="KO"',
        'status="CANCELED"',
        'status="run" result="Not Passed"',
        'outcome="Failed"',
        'verdict="error"',
        'success="False"',
        'passed="no"',
    ],
)
def test_a_case_with_a_word_for_failure_has_failed(read: Read, attribute: str) -> None:
    document = f'<testsuite><testcase name="a" {attribute}/></testsuite>'
    counts = Counts()
    for records in junit.read(BytesIO(document.encode()), Reading("a.xml", counting=True)):
        counts.add_all(records)

    assert read(document).case.status == "failed"
    assert counts.failures == 1


@pytest.mark.parametrize(
    "attribute",
    [
        'status="run" result="completed"',
        'status="1"',
        'status="0"',
        'status="SUCCESS"',
        'status="passed, no failures"',
        'status="expected failure"',
        'result="xfailed"',
        'status="known-failure"',
        'status="blue"',
        'success="true"',
    ],
)
def test_a_case_that_does_not_say_that_it_failed_has_passed(read: Read, attribute: str) -> None:
    assert read(f'<testsuite><testcase name="a" {attribute}/></testsuite>').case.status == "passed"


def test_several_failures_keep_the_first_message_and_all_details(read: Read) -> None:
    document = """<testsuite><testcase name="a"><failure message="one" type="T">trace 1</failure>
      <failure message="two">trace 2</failure></testcase></testsuite>"""
    case = read(document).case

    assert (case.message, case.kind, case.details) == ("one", "T", "trace 1\n\ntwo\ntrace 2")


def test_several_outputs_are_joined(read: Read) -> None:
    document = """<testsuite><testcase name="a"><system-out>1</system-out><system-err>e</system-err>
      <system-out><![CDATA[<2>]]></system-out></testcase><system-out>of the suite</system-out></testsuite>"""
    case = read(document).case

    assert (case.system_out, case.system_err) == ("1\n<2>", "e")


def test_properties_of_suites_and_cases(read: Read) -> None:
    document = """<testsuite name="s"><properties><property name="os" value="linux"/></properties>
      <testcase name="a"><properties><property name="id" value="C1"/><property name="note">text</property>
      </properties></testcase></testsuite>"""
    result = read(document)

    assert result.suites[0].properties == (("os", "linux"),)
    assert result.case.properties == (("id", "C1"), ("note", "text"))


def said(word: str) -> str:
    return f"the report gives the result as {word!r}, and no test failed"


@pytest.mark.parametrize(
    "inside",
    [
        "<failure/>",
        "<flakyFailure/>",
        '<failure/></testcase><testcase name="a">',
    ],
)
def test_the_result_of_a_suite_adds_nothing_to_that_of_its_cases(read: Read, inside: str) -> None:
    suite = f'<testsuite status="failed"><testcase name="a">{inside}</testcase></testsuite>'

    assert {case.name for case in read(f'<testsuites result="failed">{suite}</testsuites>').cases} == {"a"}


@pytest.mark.parametrize(
    ("document", "warned"),
    [
        ('<testsuites errors="2"><testsuite>{}</testsuite></testsuites>', True),
        ('<testsuite failures="2" tests="1">{}</testsuite>', True),
        ('<testsuite failures="1"><testcase name="b"><failure/></testcase>{}</testsuite>', False),
        ('<testsuite failures="1"><testcase name="b"><flakyFailure/></testcase>{}</testsuite>', False),
        ('<testsuite failures="0">{}</testsuite>', False),
    ],
)
def test_declared_failures_that_no_case_shows_are_a_warning(
    read: Read, document: str, *, warned: bool
) -> None:
    warnings = read(document.format('<testcase name="a"/>')).reading.warnings

    assert any("its cases show none" in warning for warning in warnings) == warned


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            '<testsuite name="s"><error message="boom">trace</error></testsuite>',
            Case(0, 0, "s", status="error", message="boom", details="trace"),
        ),
        (
            '<testsuite name="s"><failure message="f"/><error message="e"/></testsuite>',
            Case(0, 0, "s", status="error", message="f", details="e"),
        ),
        (
            '<testsuites name="r"><failure message="f"/></testsuites>',
            Case(0, None, "r", status="failed", message="f"),
        ),
        ("<testsuite><error/></testsuite>", Case(0, 0, "(suite)", status="error")),
        (
            '<testsuite name="s" status="Failed"/>',
            Case(0, 0, "s", status="error", message=said("failed")),
        ),
        (
            '<testsuites name="r" result="ERROR"><testsuite status="passed"/></testsuites>',
            Case(0, None, "r", status="error", message=said("error")),
        ),
    ],
)
def test_a_failure_outside_any_case_is_one_synthetic_case(read: Read, document: str, expected: Case) -> None:
    assert read(document).case == expected


def test_a_case_without_a_name_is_kept(read: Read) -> None:
    document = '<testsuite><testcase name=""/><testcase classname="a.B"/><testcase/></testsuite>'

    assert [case.name for case in read(document).cases] == ["case 1", "a.B", "case 3"]


def repeats(read: Read, *statuses: str) -> list[int | None]:
    inside = {"passed": "", "failed": "<failure/>", "error": "<error/>", "skipped": "<skipped/>"}
    cases = "".join(f'<testcase classname="c" name="n">{inside[status]}</testcase>' for status in statuses)
    return [case.retry_of for case in read(f"<testsuite>{cases}</testsuite>").cases]


@pytest.mark.parametrize(
    ("statuses", "retry_of"),
    [
        (["failed", "passed"], [None, 0]),
        (["failed", "error", "passed"], [None, 0, 1]),
        (["failed", "skipped"], [None, None]),
        (["failed", "skipped", "passed"], [None, None, 0]),
        (["passed", "failed"], [None, None]),
        (["passed", "passed"], [None, None]),
        (["skipped", "passed"], [None, None]),
        (["failed", "passed", "passed"], [None, 0, None]),
        (["failed", "passed", "failed", "passed"], [None, 0, None, 2]),
    ],
)
def test_only_a_result_after_a_bad_one_is_a_retry(
    read: Read, statuses: list[str], retry_of: list[int | None]
) -> None:
    assert repeats(read, *statuses) == retry_of


@pytest.mark.parametrize(
    "second",
    [
        '<testsuite name="s"><testcase classname="other" name="n" file="f"/></testsuite>',
        '<testsuite name="s"><testcase classname="c" name="n[2]" file="f"/></testsuite>',
        '<testsuite name="s"><testcase classname="c" name="n" file="g"/></testsuite>',
        '<testsuite name="t"><testcase classname="c" name="n" file="f"/></testsuite>',
        '<testsuite name="s"><testcase classname="c" name="n" file="f" line="2"/></testsuite>',
        '<testsuite name="s"><testcase classname="c" name="n" file="f" id="7"/></testsuite>',
        """<testsuite name="t"><testsuite name="s"><testcase classname="c" name="n" file="f"/>
        </testsuite></testsuite>""",
    ],
    ids=["classname", "parameters", "file", "suite", "line", "id", "path"],
)
def test_another_key_is_another_test(read: Read, second: str) -> None:
    first = '<testsuite name="s"><testcase classname="c" name="n" file="f"><failure/></testcase></testsuite>'

    assert [case.retry_of for case in read(f"<testsuites>{first}{second}</testsuites>").cases] == [None, None]


@pytest.mark.parametrize("root", ["jest tests", "vitest tests", "Mocha Tests"])
@pytest.mark.parametrize("between", ["", '</testsuite><testsuite name="s" tests="1">'], ids=["one", "two"])
def test_runners_that_write_one_case_a_test_have_no_attempts(read: Read, root: str, between: str) -> None:
    failed = '<testcase classname="c" name="n"><failure/></testcase>'
    document = f"""<testsuites name="{root}"><testsuite name="s" tests="1">{failed}{between}
      <testcase classname="c" name="n"/></testsuite></testsuites>"""

    assert [(case.status, case.retry_of) for case in read(document).cases] == [
        ("failed", None),
        ("passed", None),
    ]


@pytest.mark.parametrize("inside", ["", "<properties/>"])
def test_a_case_without_attributes_and_result_did_not_end(read: Read, inside: str) -> None:
    case = read(f'<testsuite><testcase time="0.1">{inside}</testcase></testsuite>').case

    assert (case.name, case.status) == ("case 1", "error")
    assert "did not end" in case.message


def test_a_case_without_a_name_that_ended_keeps_its_result(read: Read) -> None:
    document = "<testsuite><testcase><skipped/></testcase><testcase><failure/></testcase></testsuite>"

    assert [case.status for case in read(document).cases] == ["skipped", "failed"]


@pytest.mark.parametrize(("name", "bad"), [("a.bats", 1), ("./a/b.bats", 1), ("bats", 0)])
def test_a_test_that_bats_does_not_count_did_not_end(read: Read, name: str, bad: int) -> None:
    cases = '<testcase name="a"/><testcase name="b"/>'
    document = f'<testsuites><testsuite name="{name}" tests="1">{cases}</testsuite></testsuites>'

    assert [case.status for case in read(document).cases] == ["passed", "passed"] + ["error"] * bad


def test_every_test_that_was_merged_by_name_is_named_once(read: Read) -> None:
    bad = '<testcase classname="c" name="n"><failure/></testcase>'
    flaky = '<testcase name="m"><failure/></testcase><testcase name="m"/>'
    document = f"<testsuite>{bad}{bad}{bad}{flaky}{flaky}<testcase name='x'><failure/></testcase></testsuite>"

    assert read(document).reading.merged == ("c > n", "m")


EMPTY = '<testsuite name="{}" tests="0" failures="{}" errors="{}"/>'
SUMMARY = '<testsuite name="all" tests="2" failures="1"/>'
CASES = '<testsuite name="s"><testcase name="a"><failure/></testcase><testcase name="b"/></testsuite>'


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (EMPTY.format("e", 0, 1), ["e"]),
        (f"<testsuites>{EMPTY.format('e', 0, 0)}</testsuites>", []),
        # It repeats the totals of its siblings, before or behind them.
        (f"<testsuites>{SUMMARY}{CASES}</testsuites>", []),
        (f"<testsuites>{CASES}{SUMMARY}</testsuites>", []),
        # It declares no tests, so that it repeats those of no other.
        (f"<testsuites>{EMPTY.format('e', 0, 1)}{CASES}</testsuites>", ["e"]),
        (f'<testsuites>{CASES}<testsuite name="e" errors="1"/></testsuites>', ["e"]),
        (
            f'<testsuites>{CASES}<testsuite name="e" tests="0" errors="1"><error/></testsuite></testsuites>',
            ["e"],
        ),
        (f"<testsuites>{EMPTY.format('e', 1, 1)}{CASES}</testsuites>", ["e"]),
        (f"<testsuites>{SUMMARY}{CASES}{EMPTY.format('e', 0, 1)}</testsuites>", ["e"]),
        (f"<testsuites>{SUMMARY}{CASES}{SUMMARY.replace('all', 'e')}</testsuites>", ["e"]),
        (f"<testsuites>{EMPTY.format('d', 1, 0)}{EMPTY.format('e', 0, 1)}</testsuites>", ["d", "e"]),
        # What is nested is named once, by the innermost suite.
        (f'<testsuite name="o" errors="1">{EMPTY.format("i", 0, 1)}</testsuite>', ["i"]),
        (
            f'<testsuites name="r" errors="1"><testsuite>{EMPTY.format("i", 0, 1)}</testsuite></testsuites>',
            ["i"],
        ),
        (f'<testsuite name="o" errors="2">{EMPTY.format("i", 0, 1)}</testsuite>', ["i", "o"]),
        ('<testsuites name="r" failures="1"/>', ["r"]),
        ('<testsuites failures="1"><testsuite name="e"/></testsuites>', ["(run)"]),
        # Counts of suites that have cases are not reliable.
        ('<testsuite name="s" failures="3" errors="2"><testcase name="a"/></testsuite>', []),
        # A failure that stands in the suite itself is what the count counts.
        ('<testsuite name="s" errors="1"><error message="no"/></testsuite>', ["s"]),
    ],
)
def test_a_suite_without_cases_that_declares_failures_is_a_test_in_error(
    read: Read, document: str, named: list[str]
) -> None:
    result = read(document)
    assert [case.name for case in result.cases if case.status == "error"] == named


@pytest.mark.parametrize(
    ("attributes", "file", "line"),
    [
        # junit_formatter 3.4 of Elixir, lib/formatter.ex, with include_file_line?.
        ('file="test/cart_test.exs:9"', "test/cart_test.exs", 9),
        ('file="test/cart_test.exs:9:3"', "test/cart_test.exs", 9),
        ('file="test/cart_test.exs"', "test/cart_test.exs", None),
        ('file="C:\\shop\\cart.exs:12"', "C:\\shop\\cart.exs", 12),
        ('file="cart:0"', "cart:0", None),
        ('file="a.py:9" line="7"', "a.py:9", 7),
        ('file="v2"', "v2", None),
        ('file=":9"', ":9", None),
    ],
)
def test_a_line_behind_the_file_is_not_part_of_it(
    read: Read, attributes: str, file: str, line: int | None
) -> None:
    case = read(f'<testsuite><testcase classname="c" name="n" {attributes}/></testsuite>').case
    assert (case.file, case.line) == (file, line)


@pytest.mark.parametrize("errors", [1, 2])
def test_an_error_that_stands_for_several_declared_ones_is_a_note(read: Read, errors: int) -> None:
    others = "".join(f'<testcase name="{name}"><failure/></testcase>' for name in "abcd")
    document = f"<testsuites>{EMPTY.format('e', 0, errors)}<testsuite>{others}</testsuite></testsuites>"
    kinds = [notice.kind for notice in read(document).reading.notices]
    assert kinds == ["declared-more-failures"] * (errors > 1)


def test_attempts_that_were_merged_explain_no_failure_of_another_suite(read: Read) -> None:
    flaky = '<testcase name="a"><failure/></testcase><testcase name="a"/>'
    document = f'<testsuites><testsuite name="s">{flaky}</testsuite>{EMPTY.format("e", 0, 1)}</testsuites>'
    assert [case.name for case in read(document).cases if case.status == "error"] == ["e"]


@pytest.mark.parametrize(
    ("reason", "status"),
    [("Unable to find executable", "failed"), ("Required Files Missing", "failed"), ("Disabled", "skipped")],
)
def test_tests_that_ctest_could_not_start_failed(read: Read, reason: str, status: str) -> None:
    case = f'<testcase name="a" status="notrun"><skipped message="{reason}"/></testcase>'
    assert read(f"<testsuite>{case}</testsuite>").case.status == status


@pytest.mark.parametrize("word", ["failed", "FAILED", " Error ", "broken", "timeout"])
@pytest.mark.parametrize("attribute", ["status", "result"])
def test_a_case_that_failed_by_its_attribute_alone_failed(read: Read, attribute: str, word: str) -> None:
    case = read(f'<testsuite><testcase name="a" {attribute}="{word}"/></testsuite>').case
    assert case.status == "failed"
    assert word.strip().lower() in case.message


def test_an_element_decides_over_the_attribute(read: Read) -> None:
    document = '<testsuite><testcase name="a" status="failed"><error message="boom"/></testcase></testsuite>'
    assert (read(document).case.status, read(document).case.message) == ("error", "boom")


@pytest.mark.parametrize(
    ("suites", "places", "of_suites", "of_cases"),
    [
        (('file="a.cy.js"', 'file="b.cy.js"'), ("", ""), ("", ""), ("", "")),
        (('filepath="a"', 'filepath="b"'), ("", ""), ("", ""), ("", "")),
        (('package="a"', 'package="b"'), ("", ""), ("", ""), ("", "")),
        (('device="Pixel 8"', 'device="Pixel 9"'), ("", ""), ("", ""), ("", "")),
        (("", ""), ('browser="chrome"', 'browser="firefox"'), ("", ""), ("", "")),
        (("", ""), ('column="3"', 'column="4"'), ("", ""), ("", "")),
        (("", ""), ("", ""), (("capabilities", "chrome.120"), ("capabilities", "firefox.121")), ("", "")),
        (("", ""), ("", ""), (("browser.name", "a"), ("browser.name", "b")), ("", "")),
        (("", ""), ("", ""), ("", ""), (("test_id", "C1"), ("test_id", "C2"))),
        (("", ""), ("", ""), ("", ""), (("parameters", "1"), ("parameters", "2"))),
    ],
)
def test_attributes_and_properties_that_identify_the_tested_thing_separate_tests(
    read: Read, suites: Any, places: Any, of_suites: Any, of_cases: Any
) -> None:
    first, second = (
        f'<testsuite name="s" {suites[i]}>{properties(of_suites[i])}<testcase name="n" {places[i]}>'
        f"{properties(of_cases[i])}{result}</testcase></testsuite>"
        for i, result in enumerate(("<failure/>", ""))
    )
    cases = read(f"<testsuites>{first}{second}</testsuites>").cases
    assert [case.retry_of for case in cases] == [None, None]


def properties(pair: tuple[str, str] | str) -> str:
    return pair and f'<properties><property name="{pair[0]}" value="{pair[1]}"/></properties>'


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            'id="0" tests="1" failures="1" time="0.5" timestamp="2026-01-02T03:04:05Z" version="3.0"',
            'id="1" tests="1" failures="0" time="0.25" timestamp="2026-01-02T03:05:05Z" version="3.0"',
        ),
        (
            'status="failed" log="a.log" start-time="10:11:12"',
            'status="passed" log="b.log" start-time="10:12:12"',
        ),
        ('skipped="" uuid="a-1" worker="a"', 'skipped="0" uuid="a-2" worker="b"'),
    ],
)
def test_times_counters_and_ids_of_attempts_tell_nothing(read: Read, first: str, second: str) -> None:
    document = (
        f'<testsuites><testsuite name="s" {first}><testcase name="n"><failure/></testcase></testsuite>'
        f'<testsuite name="s" {second}><testcase name="n"/></testsuite></testsuites>'
    )
    assert [case.retry_of for case in read(document).cases] == [None, 0]


@pytest.mark.parametrize("kind", ["suite", "case"])
@pytest.mark.parametrize(
    "name", ["os.name", "attempt_id", "test_run_id", "session_id", "testrail_attachment"]
)
def test_other_properties_tell_nothing(read: Read, kind: str, name: str) -> None:
    first, second = (
        f'<testsuite name="s">{properties((name, value)) if kind == "suite" else ""}<testcase name="n">'
        f"{properties((name, value)) if kind == 'case' else ''}{result}</testcase></testsuite>"
        for value, result in (("a", "<failure/>"), ("b", ""))
    )
    cases = read(f"<testsuites>{first}{second}</testsuites>").cases
    assert [case.retry_of for case in cases] == [None, 0]


def test_a_retry_in_a_suite_of_the_same_name_is_a_retry(read: Read) -> None:
    run = '<testsuite name="s"><testcase classname="c" name="n">{}</testcase></testsuite>'
    document = f"<testsuites>{run.format('<failure/>')}{run.format('')}</testsuites>"

    assert [case.retry_of for case in read(document).cases] == [None, 0]


def test_surefire_flaky_elements_are_the_earlier_attempts_of_a_pass(read: Read) -> None:
    document = """<testsuite name="s"><testcase name="a" classname="C" time="1">
      <flakyFailure message="m1" type="T1"><stackTrace><![CDATA[trace 1]]></stackTrace>
        <system-out>out 1</system-out><system-err>err 1</system-err></flakyFailure>
      <flakyError message="m2" type="T2">trace 2</flakyError><system-out>last</system-out>
    </testcase></testsuite>"""
    case = read(document).case
    first, second = case.attempts

    assert (case.status, case.system_out, case.message) == ("passed", "last", "")
    assert first[:6] == ("failed", "m1", "T1", "trace 1", "out 1", "err 1")
    assert second[:4] == ("error", "m2", "T2", "trace 2")


def test_surefire_reruns_are_attempts_in_the_order_they_ran(read: Read) -> None:
    document = """<testsuite><testcase name="a"><failure message="1st" type="T">t1</failure>
      <system-out>o1</system-out>
      <rerunFailure message="2nd" type="T"><stackTrace>t2</stackTrace></rerunFailure>
      <rerunError message="3rd" type="E"><stackTrace>t3</stackTrace><system-out>o3</system-out></rerunError>
    </testcase></testsuite>"""
    case = read(document).case

    assert [(a.status, a.message, a.details, a.system_out) for a in case.attempts] == [
        ("failed", "1st", "t1", "o1"),
        ("failed", "2nd", "t2", ""),
    ]
    assert (case.status, case.message, case.kind, case.details, case.system_out) == (
        "failed",
        "3rd",
        "E",
        "t3",
        "o3",
    )


def test_a_case_starts_after_the_cases_before_it_in_its_suite(read: Read) -> None:
    document = """<testsuites><testsuite name="s" timestamp="1970-01-01T00:01:40">
      <testcase name="a" time="2.5"/><testcase name="b"/><testcase name="c" time="1"/>
      <testcase name="d" timestamp="1970-01-01T00:03:20+00:00"/></testsuite>
      <testsuite name="t"><testcase name="e" time="1"/></testsuite></testsuites>"""

    assert [case.start for case in read(document).cases] == [100.0, 102.5, 102.5, 200.0, None]


def test_times_that_make_no_sense_are_left_out_with_one_warning(read: Read) -> None:
    times = ["-1", "NaN", "inf", "1e300", "soon", ""]
    cases = "".join(f'<testcase name="{i}" time="{time}"/>' for i, time in enumerate(times))
    result = read(f"<testsuite>{cases}</testsuite>")

    assert [case.seconds for case in result.cases] == [None] * len(times)
    assert result.reading.warnings == ("durations that make no sense are left out, as '-1'",)


def test_a_line_that_is_not_a_number_is_left_out(read: Read) -> None:
    document = '<testsuite><testcase name="a" line="x"/><testcase name="b" lineno="3"/></testsuite>'

    assert [case.line for case in read(document).cases] == [None, 3]


def test_attachments_from_output_and_properties_each_once_and_not_from_traces(read: Read) -> None:
    document = """<testsuite><testcase name="a"><properties>
      <property name="attachment.log" value="log.txt"/><property name="testrail_attachment" value="shot.png"/>
      <property name="Attachment" value="[[ATTACHMENT|x.zip]]"/><property name="by" value="me"/></properties>
      <failure>print("[[ATTACHMENT|%s]]" % path)</failure>
      <system-out>[[ATTACHMENT|/abs/a b.png]]
[[ATTACHMENT|log.txt]]</system-out></testcase></testsuite>"""

    assert read(document).case.attachments == tuple(
        Attachment(path) for path in ["log.txt", "shot.png", "x.zip", "/abs/a b.png"]
    )


def test_long_texts_keep_head_and_tail_and_the_attachments_between(read: Read) -> None:
    text = "A" * 1000 + "[[ATTACHMENT|middle.png]]" + "B" * 500_000 + "[[ATTACHMENT|later.png]]" + "C" * 1000
    message = "m" * 5000
    document = f"""<testsuite><testcase name="a"><failure message="{message}"/><system-out>{text}</system-out>
      </testcase></testsuite>"""
    result = read(document, text_limit=100)
    case = result.case

    assert case.system_out == "A" * 50 + f"\n… {len(text) - 100:,} characters cut …\n" + "C" * 50
    assert case.message == "m" * 50 + "\n… 4,900 characters cut …\n" + "m" * 50
    assert case.attachments == (Attachment("middle.png"), Attachment("later.png"))
    assert result.reading.warnings == ("texts of more than 100 characters were cut in the middle",)


def test_markup_inside_a_text_is_read_through(read: Read) -> None:
    document = """<testsuite>
      <testcase name="a"><system-out>1<b>2<testcase name="no"/></b>3</system-out></testcase>
      <testcase name="b"/></testsuite>"""
    result = read(document)

    assert [case.name for case in result.cases] == ["a", "b"]
    assert result.cases[0].system_out == "123"


def test_a_case_inside_a_case_is_part_of_it(read: Read) -> None:
    document = """<testsuite>
      <testcase name="a"><testcase name="inner"><failure message="f"/></testcase></testcase>
      <testcase name="b"/></testsuite>"""

    assert [(case.name, case.status) for case in read(document).cases] == [("a", "failed"), ("b", "passed")]


@pytest.mark.parametrize(
    ("document", "warning"),
    [
        (
            '<testsuites tests="35"><testsuite name="s"><testcase name="a"/></testsuite></testsuites>',
            "the file declares tests=35, it has 1 case; the cases count",
        ),
        (
            '<testsuite name="s" tests="3"/>',
            "the suite 's' declares tests=3, it has no cases; the cases count",
        ),
        (
            '<testsuites><testsuite name="s" tests="2"/><testsuite name="t" tests="2"/></testsuites>',
            "the suite 's' declares tests=2, it has no cases (others disagree as well); the cases count",
        ),
    ],
)
def test_declared_counts_that_disagree_are_warned_of(read: Read, document: str, warning: str) -> None:
    assert read(document).reading.warnings == (warning,)


@pytest.mark.parametrize("outer", ["1", "2"])
def test_a_suite_may_or_may_not_count_nested_cases(read: Read, outer: str) -> None:
    document = f"""<testsuite name="s" tests="{outer}">
      <testsuite name="t" tests="1"><testcase name="a"/></testsuite>
      <testcase name="b"/><error message="not counted"/></testsuite>"""

    assert read(document).reading.warnings == ()


def test_an_error_that_a_tool_means_as_a_skip(read: Read) -> None:
    document = """<testsuite>
      <testcase name="a"><error type="org.testng.SkipException" message="not now"/></testcase>
      <testcase name="b"><skipped message="TEST_CASE tagged with !mayfail"/><failure>no</failure></testcase>
      <testcase name="c"><skipped message="later"/><failure>1 == 2</failure></testcase></testsuite>"""
    cases = read(document).cases

    assert [case.status for case in cases] == ["skipped", "skipped", "failed"]
    assert cases[0].message == "not now"


def test_suites_of_one_name_on_two_hosts_do_not_retry_each_other(read: Read) -> None:
    # Playwright names a suite after its file in each project, and says the project for the host.
    document = """<testsuites>
      <testsuite name="a.spec.js" hostname="desktop"><testcase name="x"><failure/></testcase></testsuite>
      <testsuite name="a.spec.js" hostname="phone"><testcase name="x"/></testsuite></testsuites>"""

    assert [case.retry_of for case in read(document).cases] == [None, None]


def test_a_skip_keeps_its_text_beyond_its_message(read: Read) -> None:
    case = read(
        '<testsuite><testcase name="a"><skipped message="m">why</skipped></testcase></testsuite>'
    ).case

    assert (case.message, case.details) == ("m", "why")


def test_files_that_the_output_of_a_suite_names_are_warned_of(read: Read) -> None:
    document = """<testsuite name="s"><system-out>setting up</system-out><testcase name="a"/>
      <system-out>[[ATTACHMENT|a.png]] [[ATTACHMENT|b.png]]</system-out>
      <system-err>[[ATTACHMENT|c.png]]<b/> and more</system-err></testsuite>"""
    result = read(document)

    assert [case.attachments for case in result.cases] == [()]
    (warning,) = result.reading.warnings
    assert warning.startswith(
        "files that a suite's output names belong to no test and are left out, as 'a.png'"
    )


def test_long_output_of_a_suite_is_looked_through_and_not_called_cut(read: Read) -> None:
    said = "x" * 100_000 + "[[ATTACHMENT|a.png]]" + "y" * 100_000
    result = read(
        f"<testsuite><system-out>{said}</system-out><testcase name='a'/></testsuite>", text_limit=100
    )

    (warning,) = result.reading.warnings
    assert "'a.png'" in warning


def ginkgo(suite: str, *, succeeded: str, reason: str = "", focus: str = "false", cases: str = "") -> str:
    values = {
        "SuiteSucceeded": succeeded,
        "SuiteHasProgrammaticFocus": focus,
        "SpecialSuiteFailureReason": reason,
    }
    properties = "".join(f'<property name="{name}" value="{value}"/>' for name, value in values.items())
    return f'<testsuite name="{suite}"><properties>{properties}</properties>{cases}</testsuite>'


PRIOR = "Suite did not run because prior suites failed and --keep-going is not set"
FOCUS = "some specs have the focus in the code: the others did not run, and Ginkgo exits with 197"
PASS, FAIL = '<testcase name="a"/>', '<testcase name="a"><failure/></testcase>'


@pytest.mark.parametrize(
    ("suites", "errors"),
    [
        (
            [ginkgo("s", succeeded="false", reason="Failed to compile s:&#xA;x")],
            [("s", "Failed to compile s:")],
        ),
        (
            [ginkgo("s", succeeded="false", cases=PASS)],
            [("s", "the suite did not succeed, and the report does not contain the reason")],
        ),
        (
            [ginkgo("s", succeeded="true", focus="true", cases=PASS)],
            [
                (
                    "s",
                    FOCUS,
                )
            ],
        ),
        # What a failed spec explains is not told twice.
        ([ginkgo("s", succeeded="false", reason="Suite Timeout Elapsed", cases=FAIL)], []),
        ([ginkgo("s", succeeded="true", cases=PASS)], []),
        # A suite behind one that failed is told only if the latter left no trace.
        ([ginkgo("s", succeeded="false", cases=FAIL), ginkgo("t", succeeded="false", reason=PRIOR)], []),
        (
            [ginkgo("s", succeeded="true", cases=PASS), ginkgo("t", succeeded="false", reason=PRIOR)],
            [("", PRIOR)],
        ),
    ],
)
def test_a_suite_of_ginkgo_fails_by_its_properties(
    read: Read, suites: list[str], errors: list[tuple[str, str]]
) -> None:
    cases = read(f"<testsuites>{''.join(suites)}</testsuites>").cases
    told = [(case.name, case.message) for case in cases if case.status == "error"]
    assert told == [(name or "(run)", message) for name, message in errors]


ABORTED = f'<testsuite name="i" tests="1" errors="1">{PASS}</testsuite>'
FLAKY = '<testcase name="a"><flakyError/></testcase>'
SKIP_OF_TESTNG = '<testcase name="a"><error type="org.testng.SkipException"/></testcase>'


@pytest.mark.parametrize(
    ("document", "named"),
    [
        (f'<testsuite name="s" tests="1" errors="1">{PASS}</testsuite>', ["s"]),
        # Named once, by the innermost suite.
        (
            f'<testsuite name="o" tests="1" errors="1">{ABORTED}</testsuite>',
            ["i"],
        ),
        # Tests are missing: the counts are those of another run.
        (f'<testsuite name="s" tests="2" errors="1">{PASS}</testsuite>', []),
        (f'<testsuite name="s" tests="1" failures="1">{PASS}</testsuite>', []),
        # What is shown, whatever became of it, is what the count counts.
        (f'<testsuite name="s" tests="1" errors="1">{FAIL}</testsuite>', []),
        (f'<testsuite name="s" tests="1" errors="1">{SKIP_OF_TESTNG}</testsuite>', []),
        (f'<testsuite name="s" tests="1" errors="1">{FLAKY}</testsuite>', []),
    ],
)
def test_errors_besides_all_the_tests_of_a_suite_are_a_test_in_error(
    read: Read, document: str, named: list[str]
) -> None:
    cases = read(document).cases
    assert [case.name for case in cases if case.status == "error"] == named


@pytest.mark.parametrize(
    ("comment", "time", "statuses"),
    [
        (
            "Generated by org.testng.reporters.JUnitReportReporter",
            "2026-01-02T03:04:05 UTC",
            ["failed", "passed"],
        ),
        # Version 6.9 writes a run that was retried as a failure.
        ("Generated by org.testng.reporters.JUnitReportReporter", "25 Nov 2026 17:01:45 GMT", ["passed"]),
        ("Generated by others", "2026-01-02T03:04:05", ["passed"]),
    ],
)
def test_results_of_one_name_are_two_tests_in_files_of_testng_7(
    read: Read, comment: str, time: str, statuses: list[str]
) -> None:
    document = read(f'<!-- {comment} --><testsuite name="s" timestamp="{time}">{FAIL}{PASS}</testsuite>')
    repeated = {case.retry_of for case in document.cases}
    assert [case.status for case in document.cases if case.ordinal not in repeated] == statuses
    assert document.reading.warnings == ()
