"""What every native reader does with reports that are broken, or made to break it."""

import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from onetest_ci.reports import FoundFile, read_file
from onetest_ci.reports.detection import read_head
from onetest_ci.reports.formats.table import FORMATS
from support.reading import Read, read_report
from support.samples import JSON, LINES, SAMPLES, XML, sample


def test_every_format_has_a_sample() -> None:
    folders = {"junit", "allure"}  # junit has tests of its own, allure reads directories
    assert {report_format.name for report_format in FORMATS} - folders == set(SAMPLES)


@pytest.mark.parametrize("report_format", SAMPLES)
def test_a_sample_is_read_whole(report_format: str) -> None:
    read = read_report(sample(report_format))
    assert read.format == report_format
    assert read.cases
    assert (read.reading.error, read.reading.warnings) == (None, ())


@pytest.mark.parametrize("report_format", SAMPLES)
def test_a_file_that_breaks_off_keeps_what_was_complete(report_format: str) -> None:
    whole = sample(report_format).rstrip()
    complete = set(read_report(whole).statuses)
    kept = []
    for tenth in range(3, 10):
        read = read_report(whole[: len(whole) * tenth // 10])
        assert read.format == report_format
        if report_format == "tap" and read.reading.error is None:
            # It has no end that could be missing but the plan, which node:test writes last.
            assert any("plan" in warning for warning in read.reading.warnings)
        else:
            assert read.reading.error is not None, tenth
            assert read.reading.truncated
        # A test that was running is told as one that did not end.
        ended = {one for one in read.statuses if one[1] != "error"}
        assert ended <= complete, tenth
        kept.append(len(read.cases))
    assert kept == sorted(kept)
    assert kept[-1] > 0 or report_format in {
        "cucumber",
        "jest",
        "playwright",
    }  # which hold all tests of a file as one value


@pytest.mark.parametrize("report_format", XML)
@pytest.mark.parametrize(
    "trick",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
    ids=["laughs", "file"],
)
def test_entities_are_refused(report_format: str, trick: str) -> None:
    text = sample(report_format).decode().lstrip("\ufeff")
    declaration, found, rest = text.partition("?>")
    if report_format in {"boost.test", "cunit"} or not found:
        declaration, rest = (
            "<?xml version='1.0'",
            text.replace("<!DOCTYPE", "<!-- ").replace('.dtd">', " -->"),
        )
        rest = rest.partition("?>")[2] if rest.startswith("<?xml ") else rest
    read = read_report(f"{declaration}?>{trick}{rest}")
    assert read.reading.error is not None
    assert read.reading.error.code == "xml-entities"
    assert read.cases == []


@pytest.mark.parametrize("report_format", XML)
def test_a_hundred_thousand_levels_are_refused(report_format: str) -> None:
    text = sample(report_format).decode().lstrip("\ufeff")
    at = text.index(">", text.index("?>") + 2 if "?>" in text else 0)
    root_end = text.rindex("</")
    read = read_report(text[:root_end] + "<x>" * 100_000 + "</x>" * 100_000 + text[root_end:])
    assert at
    assert read.reading.error is not None
    assert read.reading.error.code == "too-deep"
    assert read.statuses == read_report(text).statuses


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from leaves(inner, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


WRONG: list[Any] = [
    None,
    True,
    7,
    -1.5,
    10**400,
    "text",
    "",
    [],
    {},
    [None],
    [[]],
    [7],
    {"": None},
    float("nan"),
]


@pytest.mark.parametrize("report_format", JSON)
def test_wrong_types_everywhere_are_errors_or_warnings(report_format: str) -> None:
    document = json.loads(sample(report_format))
    # One place of each kind: what differs by numbers in lists alone is alike.
    kinds = {tuple("*" if isinstance(key, int) else key for key in path): path for path in leaves(document)}
    reader = next(one for one in FORMATS if one.name == report_format)
    for number, path in enumerate(kinds.values()):
        for wrong in WRONG[number % 5 :: 5]:
            text = json.dumps(replaced(document, path, wrong))
            if reader.recognises(head(text)):
                check(read_report(text))


@pytest.mark.parametrize("report_format", ["go", "dart"])
def test_wrong_types_in_lines_are_errors_or_warnings(report_format: str) -> None:
    lines = sample(report_format).decode().splitlines()
    for number, line in enumerate(lines):
        if line.startswith("{"):
            event = json.loads(line)
            for path in leaves(event):
                wrong = json.dumps(replaced(event, path, WRONG[(number + len(path)) % len(WRONG)]))
                text = "\n".join([*lines[:number], wrong, *lines[number + 1 :]])
                if next(one for one in FORMATS if one.name == report_format).recognises(head(text)):
                    check(read_report(text))


def head(text: str) -> Any:
    return read_head(io.BytesIO(text.encode()))


def check(read: Read) -> None:
    """Check that a document is read in order, with an error or a warning for each fault."""
    error = read.reading.error
    assert error is None or (error.code in {"unexpected-json", "truncated-report"} and error.message)
    for case in read.cases:
        assert case.name
        assert case.status in {"passed", "failed", "error", "skipped"}
        assert case.seconds is None or case.seconds >= 0
        case.message.encode()


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('{"config": {}, "suites": 7}', "unexpected-json"),
        ('{"config": [], "suites": []}', "unexpected-json"),
        ('{"results": {"tool": {}, "tests": [7]}}', "unexpected-json"),
        ('{"results": {"tool": {}, "tests": [{"name": "a", "status": "passed"} 7]}}', "broken-json"),
        ('{"summary_line": "", "examples": [{"description": "a\\q"}]}', "broken-json"),
        ('{"summary_line": "", "examples": [' + "[" * 100_000, "too-deep"),
        ('{"config": {}, "suites": {', "unexpected-json"),
        ('{"summary_line": "", "examples": [', "broken-json"),
        ('{"summary_line": "", "examples": [], "x": ' + '{"a":' * 1000, "too-deep"),
    ],
)
def test_json_that_is_not_a_report_is_an_error(document: str, code: str) -> None:
    read = read_report(document)
    assert read.reading.error is not None
    assert read.reading.error.code == code
    assert "line 1" in read.reading.error.message or code == "unexpected-json"


def test_one_huge_value_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onetest_ci.reports.engine.json_stream.LONGEST_VALUE", 1_000_000)
    read = read_report('{"summary_line": "", "examples": [{"description": "' + "x" * 3_000_000 + '"}]}')
    assert read.reading.error is not None
    assert read.reading.error.code == "oversized-json"


def test_text_behind_a_document_is_an_error() -> None:
    read = read_report('{"summary_line": "", "examples": []}\n{"version": "3"}')
    assert read.reading.error is None
    assert "after the end" in read.reading.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-16-le"])
@pytest.mark.parametrize("report_format", [*JSON, *LINES])
def test_byte_order_marks(report_format: str, encoding: str) -> None:
    text = sample(report_format).decode()
    data = ("\ufeff" + text if encoding == "utf-16-le" else text).encode(encoding)
    read = read_report(data)
    assert read.format == report_format
    assert read.statuses == read_report(text).statuses


@pytest.mark.parametrize("report_format", SAMPLES)
def test_texts_are_kept_up_to_the_limit(report_format: str) -> None:
    read = read_report(sample(report_format), text_limit=20)
    texts = [text for case in read.cases for text in (case.details, case.system_out, case.message)]
    assert max(map(len, texts)) <= 20 + len("\n… 1,000,000 characters cut …\n")
    assert any("cut" in warning for warning in read.reading.warnings)


def ctrf(tests: int) -> Iterator[str]:
    yield '{"results": {"tool": {"name": "x"}, "tests": ['
    for number in range(tests):
        comma = "," if number else ""
        yield f'{comma}{{"name": "t{number}", "status": "passed", "stdout": ["{"x" * 200}"]}}'
    yield "]}}"


def nunit(tests: int) -> Iterator[str]:
    yield '<test-run><test-suite name="s">'
    for number in range(tests):
        yield f'<test-case name="t{number}" result="Passed"><output>{"x" * 200}</output></test-case>'
    yield "</test-suite></test-run>"


def go(tests: int) -> Iterator[str]:
    for number in range(tests):
        for event in ('"run"', f'"output","Output":"{"x" * 200}\\n"', '"pass"'):
            yield f'{{"Package":"p","Test":"t{number}","Action":{event}}}\n'


def tap(tests: int) -> Iterator[str]:
    yield f"1..{tests}\n"
    for number in range(1, tests + 1):
        yield f"ok {number} - test {number}\n# {'x' * 200}\n"


@pytest.mark.parametrize("make", [ctrf, nunit, go, tap])
def test_memory_does_not_grow_with_the_file(make: Callable[[int], Iterator[str]], tmp_path: Any) -> None:
    peaks = []
    for tests in (500, 5_000):
        path = tmp_path / f"{tests}"
        with path.open("w") as file:
            file.writelines(make(tests))
        tracemalloc.start()
        (row,) = read_file(FoundFile(path, path.name, explicit=True)).files
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert row.counts.tests == tests
    assert peaks[1] < peaks[0] + 400_000
