"""Rules of Mocha's reports that the kept reports do not show."""

import json
from typing import Any

import pytest

from support.reading import Read, read_report


def test_a_failed_hook_of_mocha_is_one_case() -> None:
    hook = {"title": '"before all" hook', "fullTitle": 's "before all" hook', "err": {"message": "no"}}
    failed = {"title": "a", "fullTitle": "s a", "duration": 1, "err": {"message": "bad"}}
    document = {
        "stats": {"passes": 0},
        "tests": [failed],
        "pending": [],
        "failures": [failed, hook],
        "passes": [],
    }
    read = read_report(json.dumps(document))
    assert read.statuses == [("a", "failed"), ('"before all" hook', "error")]


def result(title: str, **members: Any) -> dict[str, Any]:
    return {"title": title, "fullTitle": title, "duration": 1, "err": {}, **members}


def mocha(tests: list[dict[str, Any]], **lists: Any) -> Read:
    return read_report(json.dumps({"stats": {"passes": 0}, "tests": tests, "pending": [], **lists}))


@pytest.mark.parametrize(
    ("failures", "errors"),
    [
        (["one", "two"], 0),
        (["two", "one"], 0),
        # Another hook, or the test itself once more, as after a second call of done().
        (["one", "two", "three"], 1),
        (["one", "one", "two"], 1),
        (["three"], 1),
        ([], 0),
    ],
)
def test_each_failure_is_that_of_one_test_or_of_its_own(failures: list[str], errors: int) -> None:
    def failed(message: str) -> dict[str, Any]:
        return result("a", err={"message": message})

    read = mocha([failed("one"), failed("two"), result("a")], failures=[failed(one) for one in failures])
    statuses = [case.status for case in read.cases]
    assert statuses == ["failed", "failed", "passed", *["error"] * errors]


def test_a_test_that_passed_is_not_pending_because_of_another_of_its_title() -> None:
    pending = result("a")
    read = mocha([result("a", speed="fast"), pending], pending=[pending])
    assert read.statuses == [("a", "passed"), ("a", "skipped")]


def test_a_failure_without_an_error_in_the_list_of_tests_is_not_lost() -> None:
    read = mocha([result("a", speed="fast")], failures=[result("a")])
    assert read.statuses == [("a", "passed"), ("a", "error")]


def test_an_error_of_a_wrong_type_hides_no_failure() -> None:
    one = {**result("a"), "err": "text"}
    read = mocha([one], failures=[one])
    assert read.statuses == [("a", "passed"), ("a", "error")]
