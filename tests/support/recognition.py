"""What each format is recognised by: one row for every format, for the tests that hold for all of them."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import Any, Final, NamedTuple

from support.samples import DATA, sample

LONG: Final = 220 * 1024
"""Characters before the parts that decide."""

_TRICKY: Final = '{"suites": [], "config": {}}, \\ ]}[{ "Action": "run" é\n'
"""Text that would decide, or end a value, if it were not inside a string."""

FILLER: Final[dict[str, Any]] = {
    "diff": _TRICKY * (LONG // len(_TRICKY)),
    "nested": {"a": [{"b": [[{"c": [{"d": [[[1, "]"], {}]]}]}]]}] * 50, "tests": {"x": None}},
    "": [[], {}, "", -1.5e3, True, None],
}


class Row(NamedTuple):
    """How one format is recognised.

    Attributes:
        plain: a small report.
        far: the same report with the deciding parts in every order, behind ``LONG`` characters.
        marked: files with unmistakable marks of the format that lack what is read of it.
    """

    plain: bytes
    far: list[bytes]
    marked: list[bytes]


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def orders(members: dict[str, Any], deciding: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The object with the deciding members in every order, each behind a long filler; the rest comes last."""
    for order in permutations(deciding):
        ordered: dict[str, Any] = {}
        for name in order:
            ordered |= {f"{filler}{len(ordered)}": value for filler, value in FILLER.items()}
            ordered[name] = members[name]
        yield ordered | {name: value for name, value in members.items() if name not in deciding}


def _object(plain: bytes, deciding: Sequence[str], *marked: dict[str, Any]) -> Row:
    """A row of a format that is one object."""
    far = [_json(one) for one in orders(json.loads(plain), deciding)]
    return Row(plain, far, [_json(one) for one in marked])


def _inside(plain: bytes, name: str, deciding: Sequence[str], *marked: dict[str, Any]) -> Row:
    """A row of a format whose deciding members are inside a member."""
    document = json.loads(plain)
    far = [_json({**FILLER, **document, name: inner}) for inner in orders(document[name], deciding)]
    return Row(plain, far, [_json(one) for one in marked])


def _lines(plain: bytes, deciding: Sequence[str], *marked: str) -> Row:
    """A row of a format with an object on each line; the first one decides."""
    start = plain.index(b"{")
    first, rest = plain[start:].split(b"\n", 1)
    far = [_json(one) + b"\n" + rest for one in orders(json.loads(first), deciding)]
    return Row(plain, far, [one.encode() for one in marked])


def _features(plain: bytes) -> Row:
    """Cucumber: features, of which the first ones have no scenarios."""
    features = json.loads(plain)
    empty = {"uri": "features/empty.feature", "keyword": "Feature", "name": "Empty", "line": 1}
    far = [_json([one, *features[1:]]) for one in orders(features[0], ("elements", "name", "uri", "keyword"))]
    far += [_json([one, *features]) for one in orders(empty, ("uri", "name", "keyword"))]
    far.append(_json([{}, None, 7, [], {"tags": FILLER}, *features]))
    return Row(plain, far[:-1], [_json(features[0])])


def _ginkgo(plain: bytes) -> Row:
    """Ginkgo: a list of suites. A single suite, as people write it in a hook, is not a report."""
    (suite,) = json.loads(plain)
    others = {
        name: suite[name] for name in suite if name not in {"SuitePath", "SpecReports", "SuiteSucceeded"}
    }
    far = [_json([one]) for one in orders(suite, ("SuiteSucceeded", "SuitePath", "SpecReports"))]
    far.append(_json([{}, None, 7, [], {"SuiteLabels": FILLER}, suite]))
    return Row(plain, far[:-1], [_json(suite), _json({**others, "SuitePath": "/a", "SuiteSucceeded": True})])


def _xml(plain: bytes, *marked: str) -> Row:
    """A row of XML: comments before and after the root's start tag, and attributes in it, are long."""
    text = plain.decode("utf-8-sig")
    root = re.search(r"<([A-Za-z_][\w.-]*)([^>]*?)(/?)>", text)
    assert root
    comment = f"<!--{'<testsuite name=&quot;x&quot;> ' * (LONG // 27)}-->"
    before, after = text[: root.start()], text[root.end() :]
    attribute = f' filler="{"y" * LONG}"'
    far = [
        f"{before}{comment}{root[0]}{after}",
        f"{before}<{root[1]}{attribute}{root[2]}{root[3]}>{after}",
        f"{before}<{root[1]}{root[2]}{attribute}{root[3]}>{after}",
        *([f"{before}{root[0]}{comment}{after}"] if not root[3] else []),
    ]
    return Row(plain, [one.encode() for one in far], [one.encode() for one in marked])


_ALLURE: Final = next(
    (DATA / "produced/allure-pytest/reports/results").glob("037e*-result.json")
).read_bytes()
_JUNIT: Final = b'<testsuites><testsuite name="s"><testcase name="a"/></testsuite></testsuites>'
_TEAM_TEST: Final = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"
_CHECK: Final = "http://check.sourceforge.net/ns"

_XML_MARKS: Final[dict[str, tuple[str, ...]]] = {
    "trx": (
        f'<TestRun id="1" runUser="me" xmlns="{_TEAM_TEST}"><Other/></TestRun>',
        '<?xml version="1.0"?>\n<TestRun id="1" name="me@host" runUser="me',
    ),
    "xunit.net": (
        "<?xml version='1.0'?><!-- c --><assemblies timestamp='07/",
        "<assembly name='a.dll' run-date='2026-01-02' ",
    ),
    "nunit3": (
        "<test-run id='0'><other/></test-run>",
        "<test-run id='0' testcasecount='4",
        "<test-suite type='Assembly' id='1000' testcasecount='4",
    ),
    "nunit2": ("<test-results name='a'><other/></test-results>", "<test-results name='a' total="),
    "testng": ("<testng-results><other/></testng-results>", "<testng-results skipped="),
    "robot": (
        '<robot generator="Robot 7.0 (Python 3.12)"><other/></robot>',
        '<robot generator="Robot 7.0 (Python 3.12)" generated=',
    ),
    "ctest": (
        '<Site BuildName="l" Generator="ctest-3.25"><Testing><TestList>',
        '<Site BuildName="l" Generator="ctest-3.25" Name=',
    ),
    "boost.test": ("<TestLog><TestSuite name='s'>", "<TestLog"),
    "cunit": ("<CUNIT_TEST_RUN_REPORT><other/></CUNIT_TEST_RUN_REPORT>", "<CUNIT_TEST_RUN_REPORT "),
    "qtest": ('<TestCase name="tst_Cart"><Environment>',),
    "check": (
        f'<testsuites xmlns="{_CHECK}"><other/></testsuites>',
        '<?xml version="1.0"?>\n<testsuites xmlns=',
    ),
    "cppunit": ("<TestRun><FailedTests></FailedTests>",),
    "unittest++": ("<unittest-results><other/></unittest-results>", "<unittest-results tests="),
    "catch2": (
        '<Catch2TestRun name="a" rng-seed="1"><other/></Catch2TestRun>',
        '<Catch2TestRun name="a" rng-seed=',
    ),
    "doctest": ('<doctest binary="a"><other/></doctest>', '<doctest binary="a" version='),
    "sonarqube": ("<testExecutions><other/></testExecutions>", "<testExecutions version="),
}

_PLAYWRIGHT: Final = {"rootDir": "/w", "forbidOnly": False, "projects": [], "version": "1.50.0"}
_STATS: Final = {"suites": 1, "tests": 2, "passes": 1, "pending": 0, "failures": 1}

_MAKE: Final[dict[str, Callable[[], Row]]] = {
    "junit": lambda: _xml(_JUNIT, "<testsuites name='a' tests=", '<?xml version="1.0"?>\n<testsuite'),
    **{name: lambda name=name, marks=marks: _xml(sample(name), *marks) for name, marks in _XML_MARKS.items()},  # type: ignore[misc]
    "go": lambda: _lines(
        sample("go"),
        ("Action", "Package"),
        '{"Action":"start"}\n{"Action":"run","Test":"TestA"}\n{"Action":"fail","Test":"TestA","Elapsed":1}\n',
    ),
    "dart": lambda: _lines(
        sample("dart"),
        ("protocolVersion", "type"),
        '{"testID":3,"result":"failure","skipped":false,"hidden":false,"type":"testDone","time":1500}\n',
        '{"protocolVersion":"0.1.1","runnerVersion":"1.25.2"',
    ),
    "bazel": lambda: _lines(
        sample("bazel"),
        ("id", "started"),
        '{"id":{"progress":{}},"children":[{"progress":{"opaqueCount":1}}],"progress":{"stderr":"Loading"}}\n'
        '{"id":{"targetConfigured":{"label":"//a:b"}},"configured":{"targetKind":"sh_test rule"}}\n',
    ),
    "libtest": lambda: _lines(
        sample("libtest"),
        ("type", "event", "test_count"),
        '{"type":"test","event":"ok","name":"a"}\n'
        '{"type":"suite","event":"ok","passed":1,"failed":0,"ignored":0,"measured":0,"filtered_out":0}\n',
    ),
    "pytest-reportlog": lambda: _lines(
        sample("pytest-reportlog"),
        ("pytest_version", "$report_type"),
        '{"category": "UserWarning", "filename": "/a.py", "lineno": 1, "message": "old", '
        '"$report_type": "WarningMessage", "when": "runtest", "location": null}\n',
    ),
    "playwright": lambda: _object(
        sample("playwright"),
        ("config", "suites"),
        {"config": _PLAYWRIGHT},
        {"suites": [], "errors": [], "stats": {"expected": 0, "unexpected": 3}},
    ),
    "ginkgo": lambda: _ginkgo(sample("ginkgo")),
    "ctrf": lambda: _inside(
        sample("ctrf"),
        "results",
        ("tests", "tool", "summary"),
        {"reportFormat": "CTRF", "specVersion": "0.0.0", "results": {"tool": {"name": "jest"}}},
        {"results": {"tool": {"name": "jest"}, "summary": {"tests": 3, "failed": 3}}},
    ),
    "newman": lambda: _inside(
        sample("newman"),
        "run",
        ("executions", "stats", "failures"),
        {"collection": {"info": {}}, "run": {"stats": {"tests": {"total": 1}}, "failures": []}},
    ),
    "allure": lambda: _object(
        _ALLURE,
        ("uuid", "historyId", "status", "start"),
        {"historyId": "a", "name": "adds", "labels": [], "steps": []},
    ),
    "xcresult": lambda: _object(
        sample("xcresult"),
        ("testNodes", "devices", "testPlanConfigurations"),
        {
            "devices": [{"deviceId": "A"}],
            "testPlanConfigurations": [{"configurationId": "1"}],
            "testRuns": [],
        },
    ),
    "cucumber": lambda: _features(sample("cucumber")),
    "cucumber-messages": lambda: _lines(
        sample("cucumber-messages"),
        ("meta",),
        '{"testStepFinished":{"testCaseStartedId":"1","testStepId":"2","testStepResult":{"status":"FAILED"}}}\n',
        '{"testCaseFinished":{"testCaseStartedId":"1","willBeRetried":false}}\n',
    ),
    "mocha": lambda: _object(
        sample("mocha"),
        ("stats", "tests"),
        {"stats": _STATS, "failures": [], "passes": []},
    ),
    "mochawesome": lambda: _object(
        sample("mochawesome"),
        ("stats", "results"),
        {"stats": {**_STATS, "testsRegistered": 2, "hasOther": False}, "meta": {}},
        {"stats": {**_STATS, "testsRegistered": 2}, "suites": {"title": "", "tests": []}},
    ),
    "testcafe": lambda: _object(
        sample("testcafe"),
        ("userAgents", "fixtures"),
        {"startTime": "2026-11-28T10:48:06.102Z", "userAgents": ["Chrome 156"], "passed": 1, "total": 3},
    ),
    "karma": lambda: _object(
        sample("karma"),
        ("browsers", "result"),
        {"summary": {"success": 1, "failed": 2, "error": False, "disconnected": False, "exitCode": 1}},
    ),
    "rspec": lambda: _object(
        sample("rspec"),
        ("examples", "summary", "summary_line"),
        {"version": "3.13.0", "summary": {"duration": 1, "example_count": 3, "failure_count": 3}},
    ),
    "pytest-json-report": lambda: _object(
        sample("pytest-json-report"),
        ("exitcode", "summary", "tests"),
        {"created": 1.5, "exitcode": 1, "root": "/w", "summary": {"failed": 2, "total": 2, "collected": 2}},
    ),
    "jest": lambda: _object(
        sample("jest"),
        ("numTotalTests", "testResults"),
        {"numTotalTests": 3, "numFailedTests": 3, "numPassedTests": 0, "success": False},
        {"numTotalTestSuites": 1, "success": False},
    ),
    "googletest": lambda: _object(
        sample("googletest"),
        ("testsuites", "disabled", "failures"),
        dict.fromkeys(("tests", "failures", "disabled", "errors", "timestamp", "time", "name"), 1),
    ),
    "exunit": lambda: Row(
        sample("exunit"),
        [b"# a comment\n" * (LONG // 12) + sample("exunit")],
        [
            b"Running ExUnit with seed: 1, max_cases: 1\n\n\nATest [test/a_test.exs]\n",
            b"..\n\nFinished in 0.1 seconds (0.1s async, 0.0s sync)\n3 tests, 0 failures\n",
        ],
    ),
    "tap": lambda: Row(
        sample("tap"),
        [b"# a comment\n" * (LONG // 12) + sample("tap")],
        [b"TAP version 13\n", b"TAP version 14\n# Subtest: a\n", b"1..3\n"],
    ),
}

NAMES: Final = tuple(_MAKE)


def row(name: str) -> Row:
    """The row of a format."""
    return _MAKE[name]()
