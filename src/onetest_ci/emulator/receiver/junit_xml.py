"""Read JUnit XML as OneTest's import does: all cases in one flat list.

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
_STATUSES = {"failure": "failed", "error": "failed", "skipped": "skipped"}
_TEXTS = frozenset({*_STATUSES, "system-out", "system-err"})
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]*)?")


class BrokenReport(Exception):
    """The file is not a JUnit document: malformed XML or another root element."""


class ForbiddenXml(Exception):
    """The file contains a DOCTYPE with declarations, or an entity."""


@dataclass(slots=True)
class ReportedCase:
    """One ``<testcase>``.

    Attributes:
        classname: its class, perhaps empty.
        name: its name, perhaps empty.
        seconds: its duration; 0 if the element has none.
        started: the start of its suite in microseconds since 1970, if there is one.
        status: ``passed``, ``failed`` or ``skipped``.
        message: the message of the failure or the skip.
        stack: the text of the failure or the skip.
        outputs: level and text of each output.
    """

    classname: str
    name: str
    seconds: float
    started: int | None
    status: str = "passed"
    message: str = ""
    stack: str = ""
    outputs: list[tuple[str, str]] = field(default_factory=list)


def cases(file: IO[bytes]) -> Iterator[ReportedCase]:
    """Yield the cases in document order. Memory use does not grow with the document.

    Raises:
        BrokenReport: the file is not a JUnit document.
        ForbiddenXml: the file contains a DOCTYPE with declarations, or an entity.
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
            yield from reader.completed()
        parser.Parse(b"", True)
    # ValueError and LookupError: an encoding that Python does not have, or that expat cannot use.
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BrokenReport(str(error)) from error
    yield from reader.completed()


class _Reader:
    """The handlers of the parser's events. They collect the cases."""

    def __init__(self) -> None:
        self._done: list[ReportedCase] = []
        self._depth = 0
        self._case: ReportedCase | None = None
        self._case_depth = 0
        self._text: list[str] | None = None
        self._attributes: dict[str, str] = {}
        self._started: int | None = None

    def completed(self) -> list[ReportedCase]:
        """Return the cases that ended since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._depth += 1
        if self._depth == 1 and name not in _ROOTS:
            raise BrokenReport(f"the root element is {name}, not testsuites or testsuite")
        if name == "testsuite":
            self._started = _time(attributes.get("timestamp")) or self._started
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
                _add_child(self._case, name, "".join(self._text).strip(), self._attributes)
                self._text = None
        self._depth -= 1


def _add_child(case: ReportedCase, name: str, text: str, attributes: dict[str, str]) -> None:
    """Add a failure, error, skip or output to a case."""
    if name not in _STATUSES:
        if text:
            case.outputs.append(("INFO" if name == "system-out" else "WARN", text))
        return
    if case.status != "failed":
        case.status = _STATUSES[name]
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


def _time(text: str | None) -> int | None:
    try:
        return times.parse(text)
    except ValueError:
        return None
