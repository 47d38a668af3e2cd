"""Reads the JUnit family: what Surefire, pytest, Gradle, jest-junit, gotestsum and the others call JUnit XML.

There is no specification; the rules come from what the tools write. Cases may stand directly under
``testsuites``, in a bare ``testsuite`` or in suites nested to any depth, under any namespace or prefix.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Attempt, Case, Suite
from onetest_ci.reports.dialect import Dialect, Head, Reading, shown
from onetest_ci.reports.junit_parts import (
    ATTEMPTS,
    MOST_PROPERTIES,
    NOT_RUN,
    Declared,
    Frame,
    Outcome,
    first_line,
    note_cut,
    whole,
)
from onetest_ci.reports.text import TextBuffer, cut
from onetest_ci.reports.times import LONGEST, duration, timestamp
from onetest_ci.reports.xml_stream import stream_xml

CHECK_NAMESPACE: Final = "http://check.sourceforge.net/ns"
"""Check's own format has ``testsuites`` for its root as well, and nothing else in common."""

_PROBLEMS: Final = {"failure": FAILED, "error": ERROR, "skipped": SKIPPED}
_TEXTS_OF_CASES: Final = ("skipped", "system-out", "system-err", *ATTEMPTS)
_INSIDE_ATTEMPT: Final = frozenset({"stackTrace", "system-out", "system-err"})
_new = tuple.__new__  # A NamedTuple's own constructor costs twice as much, 100,000 times over.
_FILTER_BITS: Final = 0x3FFFF


def sniff(head: Head) -> bool:
    """Is it a ``testsuites`` or ``testsuite`` document, in whatever namespace but Check's?"""
    return head.root in {"testsuites", "testsuite"} and head.namespace != CHECK_NAMESPACE


def read(stream: BinaryIO, reading: Reading) -> Iterator[Suite | Case]:
    """Yield suites and cases in the order of the file; for broken files see ``stream_xml``."""
    return stream_xml(stream, reading, JUnitHandler)


DIALECT: Final = Dialect("junit", "JUnit XML", sniff, read)


class JUnitHandler:
    """Turns the elements of one document into records.

    Attributes:
        records: finished records, emptied by the stream.
        depth: elements that are open, but for a case and a text.
    """

    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        self.records: list[Suite | Case] = []
        self._parser = parser
        self._reading = reading
        self._emit = self.records.append
        self.depth = 0
        self._frames: list[Frame] = []
        self._frame: Frame | None = None
        self._case: dict[str, str] | None = None
        self._inner_cases = 0
        self._outcome: Outcome | None = None
        self._root_outcome: Outcome | None = None
        # The text being collected: its element, attributes, buffer, and elements open inside it.
        self._collecting = ""
        self._attributes: dict[str, str] = {}
        self._buffer = TextBuffer(reading.text_limit, lambda: note_cut(reading))
        self._inside = 0
        self._attempt: _OpenAttempt | None = None
        self._cases = self._suites = self._synthetic = 0
        self._declared = Declared()
        self._root: dict[str, str] | None = None
        # Key of a case whose latest result is bad, to its ordinal: what the next one of that key repeats.
        self._failed: dict[int, int] = {}
        # Whether a case of such a name may be among them: spares nearly all others the key.
        self._maybe_failed = bytearray(_FILTER_BITS + 1)
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "testcase": self._start_case,
            "testsuite": self._start_suite,
            "testsuites": self._start_root,
            "property": self._start_property,
            "properties": self._enter,
            "failure": partial(self._collect, "failure"),
            "error": partial(self._collect, "error"),
            **{tag: partial(self._collect_in_case, tag) for tag in _TEXTS_OF_CASES},
        }
        self._ends: dict[str, Callable[[], None]] = {
            "testcase": self._end_case,
            "testsuite": self._end_suite,
            "property": self._leave,
            "properties": self._leave,
        }
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    # Elements

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._collecting:
            self._start_inside(tag)
        elif tag == "testcase" and self._case is None:
            self._case = attributes
        elif (start := self._starts.get(tag)) is not None:
            start(attributes)
        else:
            self._starts.get(tag.rpartition(":")[2], self._enter)(attributes)

    def _end(self, tag: str) -> None:
        if self._collecting:
            self._end_inside()
        elif tag == "testcase":
            self._end_case()
        elif (end := self._ends.get(tag)) is not None:
            end()
        else:
            self._ends.get(tag.rpartition(":")[2], self._leave)()

    def _enter(self, _attributes: dict[str, str] | None = None) -> None:
        self.depth += 1

    def _leave(self) -> None:
        self.depth -= 1

    # The file and its suites

    def _start_root(self, attributes: dict[str, str]) -> None:
        self._enter()
        if self._root is None:
            self._root = attributes

    def _start_suite(self, attributes: dict[str, str]) -> None:
        self._enter()
        outer = self._frame
        if outer is not None:
            self._announce(outer)
        get = attributes.get
        name = get("name", "")
        suite = Suite(
            self._suites,
            None if outer is None else outer.ordinal,
            name,
            self._timestamp(get("timestamp")),
            get("file", "") or get("filepath", ""),
        )
        self._suites += 1
        path = hash((0 if outer is None else outer.path, name))
        self._frame = Frame(suite, path, whole(get("tests")), self._cases - self._synthetic)
        self._frames.append(self._frame)

    def _end_suite(self) -> None:
        self.depth -= 1
        frame = self._frames.pop()
        self._announce(frame)
        if frame.outcome is not None:
            self._emit_synthetic(frame.outcome, frame)
        total = self._cases - self._synthetic - frame.first
        self._declared.suite(frame, total)
        self._frame = self._frames[-1] if self._frames else None
        if self._frame is not None:
            self._frame.nested += total

    def _announce(self, frame: Frame) -> None:
        suite = frame.announced()
        if suite is not None:
            self._emit(suite)

    def _emit_synthetic(self, outcome: Outcome, frame: Frame | None) -> None:
        """A failure outside any case, as a case named after its suite, so that it is not lost."""
        name = frame.name if frame is not None else (self._root or {}).get("name", "")
        base = Case(
            self._cases,
            None if frame is None else frame.ordinal,
            name or "(suite)",
            start=None if frame is None else frame.clock,
        )
        self._cases += 1
        self._synthetic += 1
        self._emit(outcome.case(base))

    def finish(self) -> None:
        """The document has ended well: what only its end can tell."""
        if self._root_outcome is not None:
            self._emit_synthetic(self._root_outcome, None)
        declared = whole((self._root or {}).get("tests"))
        self._declared.finish(self._reading, declared, self._cases - self._synthetic)

    # Cases

    def _start_case(self, attributes: dict[str, str]) -> None:
        if self._case is None:
            self._case = attributes
        else:
            self._inner_cases += 1
            self._enter()

    def _end_case(self) -> None:  # noqa: C901, PLR0912 - the one hot place: each call here is made once per test
        attributes = self._case
        if self._inner_cases or attributes is None:
            self._inner_cases -= 1
            self.depth -= 1
            return
        self._case = None
        pop = attributes.pop
        name = pop("name", "")
        classname = pop("classname", "")
        seconds = line = suite = start = None
        if (spelled := pop("time", None)) is not None:
            try:
                seconds = float(spelled)
            except ValueError:
                seconds = -1.0
            if not 0.0 <= seconds <= LONGEST:
                seconds = self._odd_duration(spelled)
        if (spelled := pop("line", None)) is not None:
            try:
                line = int(spelled)
            except ValueError:
                line = None
        if (frame := self._frame) is not None:
            if frame.pending is not None:
                self._announce(frame)
            suite = frame.ordinal
            if (start := frame.clock) is not None and seconds is not None:
                frame.clock = start + seconds
        ordinal = self._cases
        self._cases = ordinal + 1
        case = _new(
            Case,
            (
                ordinal, suite, name or classname or f"case {ordinal + 1}", classname, PASSED, seconds, start,
                "", "", "", "", "", pop("file", ""), line, (), (), (), None,
            ),
        )  # fmt: skip
        if attributes:
            case = self._other_attributes(case, attributes)
        if (outcome := self._outcome) is not None:
            self._outcome = None
            case = outcome.case(case)
            if outcome.status in BAD:
                case = self._repeat(case)
                self._emit(case)
                return
        if self._maybe_failed[hash(name) & _FILTER_BITS]:
            case = self._repeat(case)
        self._emit(case)

    def _other_attributes(self, case: Case, attributes: dict[str, str]) -> Case:
        get = attributes.get
        if not case.classname and "class" in attributes:
            case = case._replace(classname=attributes["class"])
        if case.line is None and "lineno" in attributes:
            case = case._replace(line=whole(attributes["lineno"]))
        if "timestamp" in attributes:
            case = case._replace(start=self._timestamp(attributes["timestamp"]) or case.start)
        if get("status", "").lower() in NOT_RUN or get("result", "").lower() in NOT_RUN:
            if self._outcome is None:
                self._outcome = Outcome(self._reading)
            self._outcome.not_run()
        return case

    def _repeat(self, case: Case) -> Case:
        """A case after a bad one of its key repeats that one; after a pass or a skip it stands for itself."""
        path = 0 if self._frame is None else self._frame.path
        key = hash((path, case.classname, case.name, case.file))
        if case.status in BAD:
            earlier = self._failed.get(key)
            self._failed[key] = case.ordinal
            self._maybe_failed[hash(case.name) & _FILTER_BITS] = 1
        else:
            earlier = self._failed.pop(key, None)
        return case if earlier is None else case._replace(retry_of=earlier)

    def _inner(self) -> Outcome:
        """What is gathered for the open case, or for the suite when none is open."""
        if self._case is not None:
            if self._outcome is None:
                self._outcome = Outcome(self._reading)
            return self._outcome
        if self._frame is not None:
            if self._frame.outcome is None:
                self._frame.outcome = Outcome(self._reading)
            return self._frame.outcome
        if self._root_outcome is None:
            self._root_outcome = Outcome(self._reading)
        return self._root_outcome

    # Texts

    def _collect(self, local: str, attributes: dict[str, str]) -> None:
        self._collecting = local
        self._attributes = attributes
        if local in ATTEMPTS:
            self._attempt = _OpenAttempt()
        self._parser.CharacterDataHandler = self._buffer.add

    def _collect_in_case(self, local: str, attributes: dict[str, str]) -> None:
        if self._case is None:
            # What a suite prints is no test's: it is not kept.
            self._enter()
        else:
            self._collect(local, attributes)

    def _start_inside(self, tag: str) -> None:
        attempt = self._attempt
        local = tag.rpartition(":")[2]
        if attempt is not None and not self._inside and not attempt.part and local in _INSIDE_ATTEMPT:
            # The attempt's own text is the indentation around its parts, or its trace in old Surefire.
            attempt.own += self._buffer.take()
            attempt.part = local
            return
        self._inside += 1
        self.depth += 1

    def _end_inside(self) -> None:
        if self._inside:
            self._inside -= 1
            self.depth -= 1
            return
        text = self._buffer.take()
        attempt = self._attempt
        if attempt is not None:
            if self._case is not None:
                self._inner().attach(self._buffer.take_attachments(text))
            if attempt.part:
                attempt.texts[attempt.part] = text
                attempt.part = ""
                return
            attempt.own += text
            self._attempt = None
        self._parser.CharacterDataHandler = None
        local, self._collecting = self._collecting, ""
        self._finish_text(local, text, attempt)

    def _finish_text(self, local: str, text: str, attempt: "_OpenAttempt | None") -> None:
        attributes = self._attributes
        if local == "property":
            self._property(attributes.get("name", ""), text.strip())
            return
        inner = self._inner()
        if attempt is not None:
            inner.attempt(attempt.closed(local, attributes, self._reading), rerun=local.startswith("rerun"))
        elif local in _PROBLEMS:
            inner.problem(_PROBLEMS[local], attributes, text)
            inner.attach(self._buffer.take_attachments(text))
        else:
            inner.output(err=local == "system-err", text=text)
            inner.attach(self._buffer.take_attachments(text))

    def _start_property(self, attributes: dict[str, str]) -> None:
        value = attributes.get("value")
        if value is None:
            self._collect("property", attributes)
        else:
            self.depth += 1
            self._property(attributes.get("name", ""), value)

    def _property(self, name: str, value: str) -> None:
        if self._case is not None:
            self._inner().prop(name, value)
        elif self._frame is not None and len(self._frame.properties) < MOST_PROPERTIES:
            self._frame.properties.append((name, cut(value, self._reading.text_limit)))

    # Times

    def _odd_duration(self, spelled: str) -> float | None:
        seconds = duration(spelled)
        if seconds is None and spelled.strip():
            self._reading.warn("time", f"durations that make no sense are left out, as {shown(spelled)}")
        return seconds

    def _timestamp(self, spelled: str | None) -> float | None:
        moment = timestamp(spelled) if spelled else None
        if moment is None and spelled:
            self._reading.warn("timestamp", f"timestamps that are no date are left out, as {shown(spelled)}")
        return moment


class _OpenAttempt:
    """One of Surefire's attempt elements, while it is open."""

    __slots__ = ("own", "part", "texts")

    def __init__(self) -> None:
        self.own = ""
        self.part = ""
        self.texts: dict[str, str] = {}

    def closed(self, local: str, attributes: dict[str, str], reading: Reading) -> Attempt:
        own = self.own if not self.own.isspace() else ""
        details = self.texts.get("stackTrace") or own
        message = attributes.get("message", "") or first_line(details)
        if len(message) > reading.text_limit:
            note_cut(reading)
        return Attempt(
            ATTEMPTS[local],
            cut(message, reading.text_limit),
            attributes.get("type", ""),
            details,
            self.texts.get("system-out", ""),
            self.texts.get("system-err", ""),
        )
