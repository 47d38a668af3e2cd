"""What the kept reports of Jest and Vitest do not show."""

import json

import pytest

from support.reading import read_report


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("passed", "passed"),
        ("Failed", "failed"),
        ("disabled", "skipped"),
        ("focused", "error"),
        ("", "error"),
    ],
)
def test_statuses_of_tests(status: str, expected: str) -> None:
    read = read_report(
        '{"numTotalTests": 1, "testResults": [{"name": "/a.test.js", "status": "passed", "summary": "",'
        f' "assertionResults": [{{"title": "a", "status": "{status}", "ancestorTitles": []}}]}}]}}'
    )
    assert read.case.status == expected


@pytest.mark.parametrize(
    "member", ['"success": "false"', '"success": null', '"wasInterrupted": "true"', '"wasInterrupted": 1']
)
def test_a_word_about_the_run_that_is_not_a_truth_value_is_not_green(member: str) -> None:
    read = read_report(
        '{"numTotalTests": 1, "testResults": [{"name": "/a.test.js", "status": "passed", "summary": "",'
        f' "assertionResults": [{{"title": "a", "status": "passed", "ancestorTitles": []}}]}}], {member}}}'
    )
    assert [name for name, status in read.statuses if status == "error"] == ["(run)"]


# Failed describes of a file of Vitest, by the titles around its tests, of which capital ones failed.
@pytest.mark.parametrize(
    ("describes", "explained"),
    [
        (["A"], 2),
        (["A", "A"], 2),
        (["A", "b"], 2),
        (["A", "B"], 3),
        (["A > B", "A"], 3),
        (["A > B", "A", "A > C"], 4),
        # Two describes of one name.
        (["A", "B", "A"], 4),
        # No test shows the failure of the file, so that any of its describes may have failed.
        (["a > b", "c"], 4),
    ],
)
def test_a_failed_describe_of_vitest_that_no_test_shows(describes: list[str], explained: int) -> None:
    tests = [
        {
            "title": str(number),
            "ancestorTitles": titles.lower().split(" > "),
            "status": "failed" if titles.isupper() else "passed",
        }
        for number, titles in enumerate(describes)
    ]
    file = {"name": "/a.test.js", "status": "failed", "message": "", "assertionResults": tests}
    for failed in (explained - 1, explained, explained + 1):
        document = {"numTotalTests": len(tests), "numFailedTestSuites": failed, "testResults": [file]}
        read = read_report(json.dumps(document))
        assert [case.name for case in read.cases].count("(hooks)") == (failed > explained)
        assert ("(hooks)", "passed") not in read.statuses
