"""GoogleTest's JSON: what the kept reports do not show."""

import json
from typing import Any

import pytest

from support.reading import Read, read_report


def read_test(**members: Any) -> Read:
    """Read a report of one test."""
    test = {
        "name": "Adds",
        "status": "RUN",
        "result": "COMPLETED",
        "time": "0.5s",
        "classname": "Cart",
    } | members
    test = {name: value for name, value in test.items() if value is not ...}
    return read_report(json.dumps({"disabled": 0, "failures": 0, "testsuites": [{"testsuite": [test]}]}))


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, "passed"),
        ({"result": ...}, "passed"),  # 1.8
        ({"status": "NOTRUN", "result": ...}, "skipped"),
        ({"result": "SUPPRESSED"}, "skipped"),
        ({"result": None}, "error"),
        ({"result": "ODD"}, "error"),
        ({"status": ...}, "error"),
        ({"failures": "2", "skipped": "0"}, "passed"),  # two properties
        ({"failures": [7]}, "failed"),
        ({"failures": {"failure": "no"}}, "failed"),
        ({"failures": [{"failure": "no"}], "result": "SKIPPED"}, "failed"),
    ],
)
def test_verdicts(members: dict[str, Any], expected: str) -> None:
    assert read_test(**members).case.status == expected


@pytest.mark.parametrize("text", ["größe", "gr\u00c3\u00b6\u00c3\u009fe", "Ã", "注文 Ã¶"])
def test_bytes_that_are_escaped_one_by_one_are_a_text_again(text: str) -> None:
    case = read_test(issue=text).case
    assert dict(case.properties)["issue"] == ("größe" if text.startswith("gr") else text)


def test_a_suite_that_is_longer_than_the_window_is_walked() -> None:
    tests = [{"name": f"t{number}", "status": "RUN", "classname": "Cart"} for number in range(9000)]
    whole = json.dumps(
        {
            "disabled": 0,
            "failures": 0,
            "testsuites": [{"name": "Cart", "testsuite": tests}, {"name": "Empty"}],
        }
    )
    read = read_report(whole)
    assert (len(read.cases), [suite.name for suite in read.suites]) == (9000, ["Cart", "Empty"])
    assert len(read_report(whole[:-1000]).cases) > 8900


@pytest.mark.parametrize("between", ["", "7", '"x"'])
def test_a_comma_may_be_missing_between_suites_only(between: str) -> None:
    suite = '{"testsuite": [{"name": "a", "status": "RUN"}, {"name": "b", "status": "RUN"}]}'
    tests = suite.replace("}, {", "} {")
    for suites in (f"{suite} {between}{suite}", tests):
        read = read_report(f'{{"disabled": 0, "failures": 0, "testsuites": [{suites}]}}')
        assert (read.reading.error is None) == (not between and suites != tests)
