"""The log lines of a failure: each text once, nothing lost."""

import pytest

from onetest_ci.bundle.logs import count_logs, failure_text, logs_of, short_failure
from onetest_ci.bundle.records import Result, StoredCase, StoredFile
from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attempt, Case


@pytest.mark.parametrize(
    ("kind", "message", "details", "text"),
    [
        ("", "", "", ""),
        ("E", "m", "", "E: m"),
        ("", "m", "trace", "m\ntrace"),
        ("E", "m", "trace: m\n at x", "trace: m\n at x"),
        ("E", "E: m", "trace", "E: m\ntrace"),
        ("E", "", "trace", "E\ntrace"),
        ("", "", " trace ", "trace"),
    ],
)
def test_a_failure_says_each_thing_once(kind: str, message: str, details: str, text: str) -> None:
    assert failure_text(Attempt(FAILED, message, kind, details)) == text


def test_the_short_form_is_type_and_message() -> None:
    assert short_failure(Attempt(FAILED, " m ", " E ", "trace")) == "E: m"


def result(case: Case, *files: str, earlier: tuple[StoredCase, ...] = ()) -> Result:
    stored = tuple(StoredFile(name, f"attachments/{name}", "text/plain", 1) for name in files)
    return Result(StoredCase(case, "", stored), earlier)


def log_lines(one: Result) -> list[tuple[str, str]]:
    return [(log.level, log.message) for log in logs_of(one)]


def test_a_failed_case_tells_why_and_what_it_printed() -> None:
    case = Case(0, 0, "n", status=ERROR, message="m", system_out="out", system_err=" \n")
    assert log_lines(result(case, "shot.png")) == [("ERROR", "m"), ("INFO", "out"), ("INFO", "shot.png")]
    assert log_lines(result(Case(0, 0, "n", status=FAILED))) == [("ERROR", "failed")]


@pytest.mark.parametrize("status", [PASSED, SKIPPED])
def test_others_tell_only_their_files(status: str) -> None:
    case = Case(0, 0, "n", status=status, message="m", system_out="out")
    assert log_lines(result(case, "a", "b")) == [("INFO", "a"), ("INFO", "b")]


def test_attempts_come_first_and_in_order() -> None:
    first = Case(0, 0, "n", status=FAILED, message="one")
    second = Case(1, 0, "n", status=FAILED, message="two", attempts=(Attempt(ERROR, "inner"),))
    last = Case(2, 0, "n", attempts=(Attempt(FAILED),))
    flaky = result(last, earlier=(StoredCase(first, "", ()), StoredCase(second, "", ())))
    assert flaky.flaky
    assert log_lines(flaky) == [
        ("WARN", "Attempt 1 failed: one"),
        ("WARN", "Attempt 2 error: inner"),
        ("WARN", "Attempt 3 failed: two"),
        ("WARN", "Attempt 4 failed"),
    ]


@pytest.mark.parametrize("status", [PASSED, SKIPPED, FAILED, ERROR])
@pytest.mark.parametrize("output", ["", " \n", "out"])
@pytest.mark.parametrize("attempts", [(), (Attempt(FAILED, "m"), Attempt(PASSED))])
@pytest.mark.parametrize("files", [(), ("a", "b")])
def test_log_lines_are_counted_as_they_are_made(
    status: str, output: str, attempts: tuple[Attempt, ...], files: tuple[str, ...]
) -> None:
    case = Case(0, 0, "n", status=status, system_out=output, system_err=output, attempts=attempts)
    one = result(case, *files)
    assert count_logs(one.stored) == len(logs_of(one))
