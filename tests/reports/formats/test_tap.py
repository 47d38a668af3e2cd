"""Rules of TAP that the kept reports do not show."""

import pytest

from onetest_ci.reports.formats.table import FORMATS
from support.reading import read_as, read_report


def test_tap_of_many_kinds() -> None:
    read = read_report(
        "# a comment\nTAP version 14\n1..7\nok 1 - a # SKIP not here\n"
        "not ok 2 - b # TODO later\nok 3 - c # TODO\n"
        "not ok\n  ---\n  message: 'bad'\n  severity: fail\n  ...\nok 5 d # time=12.5ms\nnoise\n"
        "    ok 1 - inner\n    1..1\nok 6 - e\nok 7 - f \\# g in 3ms\n"
    )
    assert read.statuses == [
        ("a", "skipped"),
        ("b", "skipped"),
        ("c", "passed"),
        ("test 4", "failed"),
        ("d", "passed"),
        ("inner", "passed"),
        ("f # g", "passed"),
    ]
    assert [case.message for case in read.cases[:4]] == ["not here", "later", "", "bad"]
    assert [case.seconds for case in read.cases[4:]] == [0.0125, None, 0.003]
    assert read.path(read.cases[5]) == ["subtest"]
    assert (read.reading.error, read.reading.warnings) == (None, ())


def test_a_tap_subtest_that_fails_without_a_failed_test_is_a_test_of_its_own() -> None:
    read = read_report("1..1\n# Subtest: s\n    ok 1 - a\n    1..2\nnot ok 1 - s\n")
    assert read.statuses == [("a", "passed"), ("s", "failed")]


@pytest.mark.parametrize(
    ("document", "code", "says"),
    [
        ("1..3\nok 1\nok 2\n", "truncated-report", "the plan is for 3 tests, there are 2"),
        ("1..1\nok 1\nok 2\n", "", "the plan is for 1 tests, there are 2"),
        ("ok 1\nok 2\n", "", "there is no plan"),
        ("1..0 # SKIP no shop\n", "", "skipped as a whole: SKIP no shop"),
    ],
)
def test_tap_plans(document: str, code: str, says: str) -> None:
    read = read_report(document)
    assert (read.reading.error.code if read.reading.error else "") == code
    assert says in read.reading.warnings[0]


def test_tap_that_bails_out() -> None:
    read = read_report("1..1\nok 1 - a\nBail out! no database\n")
    assert read.statuses == [("a", "passed"), ("Bail out!", "error")]
    assert read.cases[1].message == "no database"


@pytest.mark.parametrize(
    ("description", "status"),
    [
        ("a # TODO later", "skipped"),
        ("a # skipped: on CI", "skipped"),
        ("# SKIP", "skipped"),
        ("see https://example.com/page.html#skip is a link", "failed"),
        ("a#todo", "failed"),
        ("a \\# TODO", "failed"),
        ("a # to do", "failed"),
        ("reads # todotxt files", "failed"),
        ("lists # TODOs", "failed"),
        ("lexer # skipping comments works", "failed"),
        ("a # TODO: later", "skipped"),
        ("a # SKIP: on CI", "skipped"),
        ("x" * 5000 + " # TODO", "skipped"),
    ],
)
def test_a_directive_has_white_space_before_it(description: str, status: str) -> None:
    assert read_report(f"1..1\nnot ok 1 - {description}\n").case.status == status


@pytest.mark.parametrize(
    "text", ['<testsuite><testcase name="a"><failure/></testcase></testsuite>', '{"a": 1}', "okay\n", ""]
)
def test_a_pinned_file_without_any_tap_is_an_error(text: str) -> None:
    report_format = next(one for one in FORMATS if one.name == "tap")
    error = read_as(report_format, text).reading.error
    assert error is not None
    assert error.code == "unexpected-text"


def test_what_a_test_prints_is_not_a_yaml_block() -> None:
    read = read_report("1..3\nok 1 - a\n---\nnot ok 2 - b\n  ---\n  message: no\n  ...\nok 3 - c\n")
    assert read.statuses == [("a", "passed"), ("b", "failed"), ("c", "passed")]
    assert read.cases[1].message == "no"


SUBTEST = "# Subtest: s\n    not ok 1 - a\n    1..1\n"


@pytest.mark.parametrize(
    ("document", "statuses"),
    [
        (f"1..1\n{SUBTEST}not ok 1 - s\n", [("a", "failed")]),
        (f"1..1\n{SUBTEST}not ok 1 - t\n", [("a", "failed"), ("t", "failed")]),
        (f"1..1\n{SUBTEST}ok 1 - s\n", [("a", "failed")]),
        # Output of a test that looks like TAP.
        ("1..1\n    not ok 1 - a\nnot ok 1 - t\n", [("a", "failed"), ("t", "failed")]),
        ("1..1\n    ok 1 - a\nok 1 - t\n", [("a", "passed"), ("t", "passed")]),
        # node-tap: the point comes before its subtest.
        (
            "1..2\nnot ok 1 - s {\n    not ok 1 - a\n    1..1\n}\nnot ok 2 - t\n",
            [("s {", "failed"), ("a", "failed"), ("t", "failed")],
        ),
        # A plan without points, below a point that passed.
        ("1..1\n# Subtest: s\n    1..2\nok 1 - s\n", [("s", "error")]),
        ("1..1\n# Subtest: s\n    1..0 # skip\nok 1 - s # SKIP\n", [("s", "skipped")]),
    ],
)
def test_no_point_is_taken_for_the_sum_of_a_subtest_that_is_not_its_own(
    document: str, statuses: list[tuple[str, str]]
) -> None:
    assert read_report(document).statuses == statuses


@pytest.mark.parametrize(
    ("document", "tests", "code"),
    [
        # With the plan at the start, at the end, in the middle of other documents.
        ("1..2\nok 1\nok 2\n1..1\nok 1\n", 3, ""),
        ("ok 1\nok 2\n1..2\nok 1\n1..1\n", 3, ""),
        ("ok 1\n1..1\n# Subtest: s\n    ok 1 - a\n    1..1\nok 1 - s\n1..1\n", 2, ""),
        ("1..2\nok 1\nok 2\n1..2\n", 2, ""),
        ("1..2\nok 1\nok 2\n1..3\n", 2, "truncated-report"),
        ("1..2\nok 1\nok 2\n1..3\nok 1\n", 3, "truncated-report"),
        ("TAP version 14\n1..1\nok 1\nTAP version 14\n", 1, "truncated-report"),
        ("1..1\nok 1\n# Subtest: s\n    ok 1 - a\n", 2, "truncated-report"),
    ],
)
def test_documents_one_after_the_other(document: str, tests: int, code: str) -> None:
    read = read_report(document)
    assert [case.status for case in read.cases] == ["passed"] * tests
    assert (read.reading.error.code if read.reading.error else "") == code


def test_a_document_that_does_not_fit_its_plan_fails_although_another_failed() -> None:
    read = read_report("TAP version 13\n1..1\nnot ok 1\nTAP version 13\n1..1\nok 1\nok 2\n")
    assert [case.name for case in read.cases] == ["test 1", "test 1", "test 2", "(plan)"]


@pytest.mark.parametrize(
    ("comments", "errors"),
    [
        ("# tests 2\n# pass  1\n# fail  1\n", 1),
        ("# pass 1\n# skip 0\n# todo 0\n# fail 1\n", 1),
        ("# failed 1 of 2 tests\n", 1),
        ("# Looks like you failed 1 test of 2.\n# Looks like your test exited with 1 just after 2.\n", 2),
        ("# tests 2\n# pass 2\n# fail 0\n", 0),
        # Names of tests, as tape prints them.
        ("# fail 2\n# tests 2\n# pass  2\n\n# ok\n", 0),
        ("# pass 7\n# fail 2\nok 3 more\n1..3\n# tests 3\n# pass 3\n", 0),
    ],
)
def test_totals_in_comments(comments: str, errors: int) -> None:
    plan = "" if "1..3" in comments else "1..2\n"
    read = read_report(f"ok 1 a\nok 2 b\n{plan}{comments}")
    assert [case.status for case in read.cases if case.status != "passed"] == ["error"] * errors


def test_a_total_counts_what_sums_up_subtests_too() -> None:
    read = read_report(f"{SUBTEST}not ok 1 - s\n1..1\n# tests 2\n# pass 0\n# fail 2\n")
    assert read.statuses == [("a", "failed")]


def test_a_run_that_was_given_up_is_not_cut_short_as_well() -> None:
    read = read_report("1..3\nok 1 - a\n    bail  out! no database\nBail out! no database\n")
    assert read.statuses == [("a", "passed"), ("Bail out!", "error")]
    assert read.reading.error is None
