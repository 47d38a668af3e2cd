"""Reports that grow in one way, each from a small one of its format, and the work that reading them takes."""

import copy
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET

import onetest_ci
from onetest_ci.code_ref.speller import Speller
from onetest_ci.model import Case
from onetest_ci.reports.detection import format_of, read_head
from onetest_ci.reports.engine.reading import Reading
from support.samples import DATA, JSON, SAMPLES, XML, sample

NAMES: Final = ("junit", "allure", *SAMPLES)

_PACKAGE: Final = str(Path(onetest_ci.__file__).parent)
_RUNS: Final = (
    " ",
    "[",
    "(",
    "\n",
    "1",
    "a.",
    "/",
    "::",
    "#",
    "\\",
    "] (",
    " - #1",
    "[[ATTACHMENT|",
    "<",
    "${",
)
"""What is repeated in long texts: each begins or ends something in a name or message of a tool."""
_DATUM: Final = re.compile(r"[\d.,:TZ+ -]*|true|false", re.IGNORECASE)
_NAMES: Final = frozenset({"name", "title", "uri", "fullTitle"})
_CONTAINERS: Final = 3
_KEYS_OF_LINES: Final = frozenset({"Action", "Time", "type", "result"})
_JUNIT: Final = """<testsuites><testsuite name="a" file="b.py"><properties><property name="c" value="d"/>
</properties><testcase classname="e" name="f" file="g.py"><failure message="h" type="i">j</failure>
<system-out>k</system-out></testcase><testcase classname="l" name="m"><skipped message="n"/></testcase>
<testcase classname="o" name="p"><flakyFailure message="q"><stackTrace>r</stackTrace></flakyFailure>
</testcase><system-err>s</system-err></testsuite></testsuites>"""
_TAP: Final = """# Subtest: a
    ok 1 - b # time=3ms
    1..1
ok - a
not ok - c # TODO d
  ---
  message: e
  ...
# f
"""


class Measured(NamedTuple):
    """The work of one reading.

    Attributes:
        lines: of the package that were run.
        characters: of all records.
    """

    lines: int
    characters: int


def measured(document: bytes) -> Measured:
    """Read a document as a command does, and count the work."""
    work = 0
    characters = 0

    def count(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal work
        work += event == "line"
        return count

    def trace(frame: FrameType, _event: str, _argument: object) -> Any:
        return count if frame.f_code.co_filename.startswith(_PACKAGE) else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for record in _records(document):
            characters += sum(len(text) for text in record if isinstance(text, str))
    finally:
        sys.settrace(before)
    return Measured(work, characters)


def _records(document: bytes) -> Iterator[Any]:
    head = read_head(io.BytesIO(document))
    report_format = format_of(head)
    assert report_format is not None, document[:200]
    speller = Speller()
    for records in report_format.read(io.BytesIO(document), Reading("report")):
        for record in records:
            if isinstance(record, Case):
                speller.spell(record)
            yield record


def long(name: str, size: int) -> bytes:
    """Return the report with long runs in each text that is not a number, a time or a word of its format."""
    filler = "".join(run * (200 * size // len(_RUNS)) for run in _RUNS)
    if _is_xml(name):
        return _long_xml(name, filler)
    if _is_json(name):
        value = json.loads(_document(name))
        return json.dumps(_long_json(value, filler, _repeated(_texts(value)))).encode()
    # ExUnit's lines contain carriage returns.
    return b"".join(_long_line(line, filler) for line in _document(name).removesuffix(b"\n").split(b"\n"))


def _many(name: str, count: int) -> bytes:
    """Return the report with an element of each name, the first item of each list, or each line repeated."""
    if _is_xml(name):
        return ET.tostring(_many_xml(name, count))
    if _is_json(name):
        return json.dumps(_many_json(json.loads(_document(name)), count)).encode()
    if name == "tap":
        return _TAP.encode() * count + f"1..{2 * count}\n".encode()
    return b"".join(line * count for line in _document(name).splitlines(keepends=True))


def deep(name: str, levels: int) -> bytes:
    """Return the report with elements and lists inside of their own kind, or subtests inside of subtests."""
    if _is_xml(name):
        root = _parsed(name)
        for _, child, original in _firsts(root):
            child.append(_nested(original, levels))
        return ET.tostring(root)
    if _is_json(name):
        return json.dumps(_deep_json(json.loads(_document(name)), levels)).encode()
    if name == "tap":
        indents = [" " * 4 * depth for depth in range(levels)]
        begins = "".join(f"{indent}# Subtest: a\n" for indent in indents)
        ends = "".join(f"{indent}    ok 1 - a\n{indent}    1..1\n" for indent in reversed(indents))
        return f"TAP version 13\n{begins}{ends}ok 1 - a\n1..1\n".encode()
    document = _document(name)
    return document + document.replace(b'"Test":"', b'"Test":"' + b"a/" * levels)


def long_and_many(name: str, size: int) -> bytes:
    """Return the report with long names of the elements around many tests."""
    tail = "n" * 1000 * size
    if _is_xml(name):
        root = _many_xml(name, size)
        for element in {one.tag: one for one in reversed(list(root.iter())) if len(one)}.values():
            for attribute in _NAMES & element.attrib.keys():
                element.set(attribute, element.attrib[attribute] + tail)
        return ET.tostring(root)
    if _is_json(name):
        value = _many_json(json.loads(_document(name)), size)
        for container in [one for one in _objects(value) if _holds_objects(one)][:_CONTAINERS]:
            container.update({key: container[key] + tail for key in _NAMES & container.keys()})
        return json.dumps(value).encode()
    if name == "tap":
        return (
            f"# Subtest: a{tail}\n".encode()
            + b"    ok - b\n" * size
            + f"    1..{size}\nok - a\n1..1\n".encode()
        )
    return _many(name, size)


WAYS: Final[dict[str, Callable[[str, int], bytes]]] = {
    "long texts": long,
    "deep nesting": deep,
    "long names around many tests": long_and_many,
}


def _document(name: str) -> bytes:
    if name == "junit":
        return _JUNIT.encode()
    if name == "allure":
        return next((DATA / "produced/allure-pytest/reports/results").glob("*-result.json")).read_bytes()
    return sample(name)


def _is_xml(name: str) -> bool:
    return name == "junit" or name in XML


def _is_json(name: str) -> bool:
    return name == "allure" or name in JSON


def _repeated(texts: Iterator[str]) -> set[str]:
    """Return the texts that are in several places. Most are words of the format."""
    return {text for text, count in Counter(texts).items() if count > 1}


def _grown(text: str, filler: str, words: set[str]) -> str:
    return text if text in words or _DATUM.fullmatch(text.strip()) else text + filler


# XML


def _parsed(name: str) -> ET.Element:
    return ET.fromstring(_document(name))  # noqa: S314 - a document of ours


def _firsts(root: ET.Element) -> list[tuple[ET.Element, ET.Element, ET.Element]]:
    """Return the first element of each name: its parent, itself, and a copy of it."""
    found: dict[str, tuple[ET.Element, ET.Element, ET.Element]] = {}
    for parent in root.iter():
        for child in parent:
            if child.tag not in found:
                found[child.tag] = (parent, child, copy.deepcopy(child))
    return list(found.values())


def _many_xml(name: str, count: int) -> ET.Element:
    root = _parsed(name)
    for parent, child, original in _firsts(root):
        at = list(parent).index(child) + 1
        parent[at:at] = [original] * count
    return root


def _nested(element: ET.Element, levels: int) -> ET.Element:
    outer = inner = ET.Element(element.tag, element.attrib)
    for _ in range(levels):
        inner = ET.SubElement(inner, element.tag, element.attrib)
        inner.text = element.text
    return outer


def _long_xml(name: str, filler: str) -> bytes:
    root = _parsed(name)
    words = _repeated(
        text for element in root.iter() for text in (*element.attrib.values(), element.text or "")
    )
    for element in root.iter():
        for attribute, text in element.attrib.items():
            element.set(attribute, _grown(text, filler, words))
        element.text = _grown(element.text or "", filler, words)
    return ET.tostring(root)


# JSON


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(part)


def _holds_objects(container: dict[str, Any]) -> bool:
    lists = (part for part in container.values() if isinstance(part, list) and part)
    return any(isinstance(part[0], dict) for part in lists)


def _long_json(value: Any, filler: str, words: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _long_json(part, filler, words) for name, part in value.items()}
    if isinstance(value, list):
        return [_long_json(part, filler, words) for part in value]
    return _grown(value, filler, words) if isinstance(value, str) else value


def _many_json(value: Any, count: int) -> Any:
    """Repeat the first item of each list, as it was before its own lists grew."""
    if isinstance(value, dict):
        return {name: _many_json(part, count) for name, part in value.items()}
    if isinstance(value, list):
        return [*(_many_json(part, count) for part in value), *copy.deepcopy(value[:1] * count)]
    return value


def _deep_json(value: Any, levels: int) -> Any:
    """Nest the first item of each list in itself, and lists in a member that no format has."""
    if isinstance(value, list):
        return [_deep_json(part, levels) for part in value]
    if not isinstance(value, dict):
        return value
    nested = {name: _deep_json(part, levels) for name, part in value.items()}
    for name, part in value.items():
        if isinstance(part, list) and part and isinstance(part[0], dict):
            item = part[0]
            for _ in range(levels):
                item = {**part[0], name: [item]}
            nested[name].append(item)
    inner: Any = []
    for _ in range(levels):
        inner = [inner]
    return {**nested, "other": inner}


# Lines


def _long_line(line: bytes, filler: str) -> bytes:
    text = line.decode()
    if text.endswith("]"):
        # The end of such a line of ExUnit's text shows what it is.
        return line + b"\n"
    if not text.startswith("{"):
        return f"{text}{filler.replace(chr(10), chr(9))}\n".encode()
    value = json.loads(text)
    grown = {
        key: part if key in _KEYS_OF_LINES else _long_json(part, filler, set()) for key, part in value.items()
    }
    return json.dumps(grown, separators=(",", ":")).encode() + b"\n"
