"""What Robot Framework counts beyond the verdicts in its file, on the smallest documents that show it."""

from xml.sax.saxutils import escape

import pytest

from onetest_ci.model import Attempt
from support.reading import Read, read_report

MERGED = '*HTML* <span class="merge">Test has been re-executed and results merged.</span>'
RUN = '<span class="{0}-status">{1} status:</span> <span class="{2}">{3}</span><br>'
SAID = '<span class="{0}-message">{1} message:</span> {2}<br>'


def robot(inside: str, *, generator: str = "Robot 7.5 (Python 3.11.7 on linux)", after: str = "") -> Read:
    return read_report(f'<robot generator="{generator}">{inside}{after}</robot>')


def suite(name: str, *inside: str, status: str = "PASS", message: str = "") -> str:
    own = f'<status status="{status}">{escape(message)}</status>'
    return f'<suite name="{name}" source="/w/{name}">{"".join(inside)}{own}</suite>'


def case(name: str, status: str, message: str = "") -> str:
    return f'<test name="{name}"><status status="{status}">{escape(message)}</status></test>'


def hook(kind: str, status: str, message: str = "why") -> str:
    return f'<kw name="Do" type="{kind}"><status status="{status}">{message}</status></kw>'


@pytest.mark.parametrize("kind", ["TEARDOWN", "teardown", "Teardown"])
@pytest.mark.parametrize("status", ["FAIL", "fail", " FAIL "])
def test_a_failed_teardown_fails_all_tests_below_but_skipped_ones(kind: str, status: str) -> None:
    inner = suite("Inner", case("a", "PASS"), case("b", "SKIP", "not now"), case("c", "FAIL", "bad"))
    read = robot(suite("Top", case("d", "PASS"), inner, hook(kind, status, "no browser")))
    assert read.statuses == [("d", "failed"), ("a", "failed"), ("b", "skipped"), ("c", "failed")]
    assert read.cases[1].message == "The teardown of the suite Top failed: no browser"
    assert read.cases[3].message.startswith("bad\n\nThe teardown of the suite Top failed")


def test_a_failed_teardown_concerns_its_own_suite_only() -> None:
    first = suite("Same", case("a", "PASS"), hook("TEARDOWN", "PASS"))
    second = suite("Same", case("b", "PASS"), hook("TEARDOWN", "FAIL"))
    third = suite("Same", case("c", "PASS"))
    read = robot(suite("Top", first, second, third))
    assert read.statuses == [("a", "passed"), ("b", "failed"), ("c", "passed")]


def test_the_teardowns_of_tests_and_keywords_are_not_teardowns_of_suites() -> None:
    nested = f'<kw name="Outer"><kw name="Inner">{hook("TEARDOWN", "FAIL")}</kw><status status="PASS"/></kw>'
    test = f'<test name="a">{nested}{hook("TEARDOWN", "FAIL")}<status status="PASS"/></test>'
    assert robot(suite("S", nested, test)).statuses == [("a", "passed")]


def test_a_teardown_that_skips_hides_no_failure() -> None:
    tests = (case("a", "PASS"), case("b", "FAIL", "bad"), case("c", "SKIP"))
    read = robot(suite("S", *tests, hook("TEARDOWN", "SKIP", "nobody there"), status="SKIP"))
    assert read.statuses == [("a", "skipped"), ("b", "failed"), ("c", "skipped")]
    assert "nobody there" in read.cases[0].message


def test_a_teardown_that_fails_around_one_that_skips() -> None:
    inner = suite("Inner", case("a", "PASS"), hook("TEARDOWN", "SKIP"), status="SKIP")
    read = robot(suite("Top", inner, case("b", "PASS"), hook("TEARDOWN", "FAIL"), status="FAIL"))
    assert read.statuses == [("a", "skipped"), ("b", "failed")]


def test_files_of_rebot_contain_the_verdicts_after_teardowns() -> None:
    """After a merge, the teardown is that of the last run, which ran some of the tests only."""
    merged = suite("S", case("a", "FAIL"), case("b", "PASS"), hook("TEARDOWN", "FAIL"), status="FAIL")
    read = robot(merged, generator="Rebot 7.5 (Python 3.11.7 on linux)")
    assert read.statuses == [("a", "failed"), ("b", "passed")]
    assert robot(merged, generator="Something").statuses == [("a", "failed"), ("b", "failed")]


def test_a_file_that_breaks_off_keeps_the_tests_before_the_break() -> None:
    read = read_report(
        f'<robot generator="Robot 7"><suite name="S">{case("a", "PASS")}{case("b", "FAIL")}<kw'
    )
    assert read.statuses == [("a", "passed"), ("b", "failed")]
    assert read.reading.error is not None


def test_a_file_that_is_repaired_has_its_teardowns_too() -> None:
    read = robot(suite("S", case("a", "PASS", "x\x0b"), hook("TEARDOWN", "FAIL", "no\x0bbrowser")))
    assert read.statuses == [("a", "failed")]
    assert read.reading.warnings


@pytest.mark.parametrize("kind", ["SETUP", "setup", "TEARDOWN"])
@pytest.mark.parametrize("tests", ["", case("a", "SKIP")])
def test_a_failed_hook_that_no_test_shows_is_an_error(kind: str, tests: str) -> None:
    read = robot(suite("Top", suite("Cart", tests, hook(kind, "FAIL", "no database"), status="SKIP")))
    (error,) = [one for one in read.cases if one.status == "error"]
    assert (error.name, read.path(error), error.file) == ("Cart", ["Top", "Cart"], "/w/Cart")
    assert error.message == f"{kind.lower()} Do: no database"


def test_the_message_of_a_failed_hook_before_version_7_is_logged() -> None:
    logged = '<msg level="INFO">connecting</msg><msg level="FAIL">no database</msg>'
    kw = f'<kw name="Connect" type="setup">{logged}<status status="FAIL"/></kw>'
    read = robot(suite("Cart", kw, status="PASS"), generator="Robot 3.1.2")
    assert (read.case.status, read.case.message) == ("error", "setup Connect: no database")


def test_a_failed_hook_that_a_test_shows_is_not_counted_twice() -> None:
    tests = case("a", "FAIL", "Parent suite setup failed:\nno database")
    read = robot(suite("Top", suite("Cart", hook("SETUP", "FAIL"), tests, status="FAIL"), status="FAIL"))
    assert read.statuses == [("a", "failed")]


@pytest.mark.parametrize(
    ("status", "is_error"),
    [("FAIL", True), ("fail", True), ("BROKEN", True), ("PASS", False), ("SKIP", False), ("NOT RUN", False)],
)
def test_the_status_of_a_suite(status: str, is_error: bool) -> None:
    read = robot(suite("Top", suite("Cart", case("a", "PASS"), status=status, message="*HTML* <b>why</b>")))
    assert read.statuses == [("a", "passed"), *([("Cart", "error")] if is_error else [])]
    if is_error:
        assert read.cases[1].message == "why"


def test_keywords_of_listeners_decide_nothing() -> None:
    """Robot takes them for parts of a set-up or teardown that passed."""
    assert robot(suite("S", hook("KEYWORD", "FAIL"), case("a", "PASS"))).statuses == [("a", "passed")]


@pytest.mark.parametrize(("level", "count"), [("ERROR", 1), ("WARN", 0)])
def test_files_that_cannot_be_parsed(level: str, count: int) -> None:
    errors = (
        f"<errors><msg level='{level}'>Parsing '/w/orders.robot' failed: Not UTF-8</msg>"
        "<msg level='ERROR'>Error in file '/w/cart.robot' on line 3: Non-existing setting 'X'.</msg></errors>"
    )
    read = robot(suite("S", case("a", "PASS")), after=errors)
    assert read.statuses == [("a", "passed"), *[("orders.robot", "error")] * count]


@pytest.mark.parametrize(
    ("totals", "errors"),
    [
        ('<stat pass="1" fail="2" skip="0">All Tests</stat>', 1),
        ('<stat pass="1" fail="1" skip="0">All Tests</stat>', 0),
        ('<stat pass="1" fail="0">Critical Tests</stat><stat pass="1" fail="2">All Tests</stat>', 1),
        ('<stat pass="1" fail="x">All Tests</stat>', 0),
        ("", 0),
    ],
)
def test_the_totals(totals: str, errors: int) -> None:
    tests = suite("S", case("a", "PASS"), case("b", "FAIL"), status="FAIL")
    of_suites = '<suite><stat pass="1" fail="9">S</stat></suite>'
    statistics = f"<statistics><total>{totals}</total>{of_suites}</statistics>"
    read = robot(tests, after=statistics)
    assert [one.name for one in read.cases if one.status == "error"] == ["S"] * errors


def test_all_runs_that_rebot_merged_are_attempts() -> None:
    message = "<hr>".join(
        (
            MERGED,
            RUN.format("new", "New", "pass", "PASS"),
            RUN.format("old", "Old", "fail", "FAIL") + SAID.format("old", "Old", "the <b>second</b><hr>time"),
            RUN.format("old", "Old", "skip", "SKIP") + SAID.format("old", "Old", "not now"),
            RUN.format("old", "Old", "fail", "FAIL") + SAID.format("old", "Old", "the first"),
        )
    )
    read = robot(suite("S", case("a", "PASS", message)))
    assert read.case.status == "passed"
    assert read.case.attempts == (Attempt("failed", "the first"), Attempt("failed", "the second\ntime"))


def test_runs_that_were_merged_before_version_3_2() -> None:
    mark = "Re-executed test has been merged."
    failed = "{} status: <span class=fail>FAIL</span><br>{} message: "
    message = (
        f"*HTML* {mark}<hr>{failed.format('New', 'New')}third<hr>{failed.format('Old', 'Old')}{mark}"
        f"<hr>{failed.format('New', 'New')}second<hr>{failed.format('Old', 'Old')}first"
    )
    read = robot(suite("S", case("a", "FAIL", message), status="FAIL"))
    assert (read.case.status, read.case.message) == ("failed", "third")
    assert [attempt.message for attempt in read.case.attempts] == ["first", "second"]


MERGED_BEFORE = "<hr>".join(
    (
        MERGED.removeprefix("*HTML*"),
        RUN.format("new", "New", "fail", "FAIL") + SAID.format("new", "New", "later"),
        RUN.format("old", "Old", "fail", "FAIL"),
    )
)


@pytest.mark.parametrize(
    ("original", "message", "attempts"),
    [
        ("", "", 0),
        ("<hr>Original message:\n7 is not 8", "7 is not 8", 0),
        (f"<hr>Original message:\n{MERGED_BEFORE}", "later", 1),
    ],
)
def test_a_run_that_was_skipped_is_not_merged(original: str, message: str, attempts: int) -> None:
    ignored = (
        "*HTML* Test has been re-executed and results merged. Latter result had "
        f'<span class="skip">SKIP</span> status and was ignored. Message:\nnot now{original}'
    )
    read = robot(suite("S", case("a", "FAIL", ignored), status="FAIL"))
    assert (read.case.status, read.case.message) == ("failed", message)
    assert len(read.case.attempts) == attempts


def test_a_message_that_only_looks_merged_changes_no_verdict() -> None:
    text = f"{MERGED}<hr>New status: PASS<br>"
    assert robot(suite("S", case("a", "FAIL", text), status="FAIL")).case.status == "failed"
    text = "re-executed and results merged<hr>Old status: PASS"
    read = robot(suite("S", case("a", "FAIL", text), status="FAIL"))
    assert (read.case.message, read.case.attempts) == (text, ())


def test_hostile_messages_are_read_in_linear_work() -> None:
    """Each would take hours if the work grew with the square of the text."""
    spaces = f"{MERGED}<hr>New status:{' ' * 60_000}<hr>New status: {'A ' * 30_000}"
    rules = f"{MERGED}{'<hr>' * 15_000}{'<' * 5_000}"
    read = robot(suite("S", case("a", "FAIL", spaces), case("b", "FAIL", rules), status="FAIL"))
    assert read.statuses == [("a", "failed"), ("b", "failed")]
