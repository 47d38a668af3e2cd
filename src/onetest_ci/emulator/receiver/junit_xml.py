"""JUnit XML, as OneTest's import reads it: every case flat, one after the other.

See docs/onetest-api.md#junit-import.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from onetest_ci.emulator import times

_CHUNK = 64 * 1024
_ROOTS = frozenset({"testsuites", "testsuite"})
_VERDICTS = {"failure": "failed", "error": "failed", "skipped": "skipped"}
_TEXTS = frozenset({*_VERDICTS, "system-out", "system-err"})
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]*)?")


class BrokenReport(Exception):
    """Not a JUnit document: broken XML or another root."""


class ForbiddenXml(Exception):
    """A DOCTYPE or an entity."""


@dataclass(slots=True)
class ReportedCase:
    """One ``<testcase>``; ``seconds`` is 0 when it says nothing."""

    classname: str
    name: str
    seconds: float
    started: int | None
    status: str = "passed"
    message: str = ""
    stack: str = ""
    outputs: list[tuple[str, str]] = field(default_factory=list)


def cases(file: IO[bytes]) -> Iterator[ReportedCase]:
    """The cases in document order; memory does not grow with the document.

    Raises:
        BrokenReport: it is not a JUnit document.
        ForbiddenXml: it has a DOCTYPE with declarations, or uses entities.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _doctype
    parser.EntityDeclHandler = _refuse_entity
    parser.SkippedEntityHandler = _refuse_entity
    try:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
            yield from reader.take()
        parser.Parse(b"", True)
    # The last two for an encoding that Python does not know, or expat cannot use.
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BrokenReport(str(error)) from error
    yield from reader.take()


class _Reader:
    """Collects cases from the parser's events."""

    def __init__(self) -> None:
        self._done: list[ReportedCase] = []
        self._depth = 0
        self._case: ReportedCase | None = None
        self._case_depth = 0
        self._text: list[str] | None = None
        self._attributes: dict[str, str] = {}
        self._started: int | None = None

    def take(self) -> list[ReportedCase]:
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._depth += 1
        if self._depth == 1 and name not in _ROOTS:
            raise BrokenReport(f"the root element is {name}, not testsuites or testsuite")
        if name == "testsuite":
            self._started = _moment(attributes.get("timestamp")) or self._started
        elif name == "testcase" and self._case is None:
            self._case = ReportedCase(
                attributes.get("classname", ""),
                attributes.get("name", ""),
                _seconds(attributes.get("time")),
                self._started,
            )
            self._case_depth = self._depth
        elif self._case is not None and self._depth == self._case_depth + 1 and name in _TEXTS:
            self._text = []
            self._attributes = attributes

    def text(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if self._case is not None:
            if self._depth == self._case_depth:
                self._done.append(self._case)
                self._case = None
            elif self._depth == self._case_depth + 1 and self._text is not None:
                _add(self._case, name, "".join(self._text).strip(), self._attributes)
                self._text = None
        self._depth -= 1


def _add(case: ReportedCase, name: str, text: str, attributes: dict[str, str]) -> None:
    if name not in _VERDICTS:
        if text:
            case.outputs.append(("INFO" if name == "system-out" else "WARN", text))
        return
    if case.status != "failed":
        case.status = _VERDICTS[name]
    case.message = case.message or attributes.get("message") or text.partition("\n")[0]
    case.stack = f"{case.stack}\n{text}".strip()


def _doctype(_name: str, _system: str | None, _public: str | None, has_internal_subset: int) -> None:
    if has_internal_subset:
        raise ForbiddenXml("a DOCTYPE with declarations is not accepted")


def _refuse_entity(*_: Any) -> None:
    raise ForbiddenXml("entities are not accepted")


def _seconds(text: str | None) -> float:
    plain = (text or "").replace(",", "")
    return float(plain) if _NUMBER.fullmatch(plain) else 0.0


def _moment(text: str | None) -> int | None:
    try:
        return times.parse(text)
    except ValueError:
        return None
