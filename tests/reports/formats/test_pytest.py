"""What no recorded log of pytest shows: other forms of failures, other machines, and texts that are held."""

import io
import json
import tracemalloc
from typing import Any

import pytest

from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats.pytest import reportlog
from onetest_ci.reports.formats.pytest.failure import failure_of
from support.reading import read_report

START = {"pytest_version": "9.2.0", "$report_type": "SessionStart"}
END = {"exitstatus": 1, "$report_type": "SessionFinish"}


def log(*reports: dict[str, Any]) -> str:
    named = [{"$report_type": "TestReport", "nodeid": "tests/test_a.py::test_a", **one} for one in reports]
    return "\n".join(json.dumps(one) for one in (START, *named, END))


def entry(style: str, line: str, path: str = "a.py") -> dict[str, Any]:
    place = {"path": path, "lineno": 3, "message": "ValueError"}
    return {"type": "ReprEntry", "data": {"lines": [line], "style": style, "reprfileloc": place}}


def longrepr(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    crash = {"path": "/srv/a.py", "lineno": 3, "message": "ValueError: bad"}
    return {"reprcrash": crash, "reprtraceback": {"reprentries": list(entries)}, **more}


NATIVE = {"type": "ReprEntryNative", "data": {"lines": ['File "a.py", line 3\n', "ValueError: bad\n"]}}


@pytest.mark.parametrize(
    ("value", "message", "details"),
    [
        (longrepr(entry("long", "E  bad")), "ValueError: bad", "E  bad\n\na.py:3: ValueError"),
        (longrepr(entry("short", "    bad()")), "ValueError: bad", "a.py:3: ValueError\n    bad()"),
        (longrepr(NATIVE), "ValueError: bad", 'File "a.py", line 3\nValueError: bad'),
        (
            longrepr(
                chain=[[{"reprentries": [NATIVE]}, None, "The cause was:"], [{"reprentries": [NATIVE]}, None]]
            ),
            "ValueError: bad",
            'File "a.py", line 3\nValueError: bad\n\nThe cause was:\n\nFile "a.py", line 3\nValueError: bad',
        ),
        (["/srv/a.py", 3, "Skipped: not now"], "not now", "/srv/a.py:3: Skipped: not now"),
        ("E     def x(\nE   SyntaxError: bad", "SyntaxError: bad", "E     def x(\nE   SyntaxError: bad"),
        ("[XPASS(strict)] known", "[XPASS(strict)] known", "[XPASS(strict)] known"),
        ([], "", ""),
        (None, "", ""),
        (7, "7", "7"),
        ({"chain": [7, [], [None, None, 7]], "reprcrash": 7}, "", ""),
    ],
)
def test_the_texts_of_a_failure(value: Any, message: str, details: str) -> None:
    assert failure_of(value, Reading("a")) == (message, details)


@pytest.mark.parametrize(
    "own",
    [
        {"when": "call", "$report_type": "OwnReport"},
        {"when": "call", "$report_type": None},
        {"_subtest.context": {"msg": "one", "kwargs": {}}, "when": "call", "$report_type": "OwnSubtest"},
        {"nodeid": "tests/test_b.py", "$report_type": "OwnCollector"},
    ],
)
def test_a_class_of_a_plug_in_fails_as_that_of_pytest(own: dict[str, Any]) -> None:
    phases = [{"when": when, "outcome": "passed"} for when in ("setup", "call", "teardown")]
    failed = {"outcome": "failed", "longrepr": "E   ValueError: bad", **own}
    read = read_report(log(phases[0], failed, *phases[1:]))
    assert any("ValueError: bad" in text for case in read.cases for text in (case.message, case.details))
    assert "(run)" not in {case.name for case in read.cases}


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (["tests/test_a.py", 6, "test_a"], 7),
        (["tests\\test_a.py", 6, "test_a"], 7),
        (["tests/shared.py", 6, "test_a"], None),
        (["tests/test_a.py", None, "test_a"], None),
        (["tests/test_a.py", True], None),
        ([], None),
    ],
)
def test_the_line_is_one_of_the_file_of_the_test(location: list[Any], line: int | None) -> None:
    phases = [{"when": when, "outcome": "passed", "location": location} for when in ("call", "teardown")]
    read = read_report(log(*phases, {"when": "call", "outcome": "failed", "nodeid": "b.py::test_b"}))
    assert read.cases[0].line == line


def test_a_test_that_did_not_end_keeps_texts_within_the_limit() -> None:
    report = {"when": "setup", "outcome": "failed", "longrepr": "E   " + "x" * 1_000_000}
    stream = io.BytesIO(log(*({**report, "nodeid": f"a.py::test_{number}"} for number in range(20))).encode())
    tracemalloc.start()
    try:
        records = [record for some in reportlog.read(stream, Reading("a")) for record in some]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(records) == 21
    assert peak < 15_000_000
