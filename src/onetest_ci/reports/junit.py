"""Reads the JUnit family: what Surefire, pytest, Gradle, jest-junit, gotestsum and the others call JUnit XML.

There is no specification; the rules come from what the tools write. Cases may stand directly under
``testsuites``, in a bare ``testsuite`` or in suites nested to any depth, under any namespace or prefix.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Case, Suite
from onetest_ci.reports.dialect import Dialect, Head, Reading, shown
from onetest_ci.reports.junit_parts import (
    ATTEMPTS,
    NOT_RUN,
    Declared,
    Frame,
    OpenAttempt,
    Outcome,
    note_cut,
    whole,
)
from onetest_ci.reports.text import MARKER, TextBuffer
from onetest_ci.reports.times import LONGEST, duration, timestamp
from onetest_ci.reports.xml_stream import stream_xml

CHECK_NAMESPACE: Final = "http://check.sourceforge.net/ns"
"""Check's own format has ``testsuites`` for its root as well, and nothing else in common."""

_new = tuple.__new__  # A NamedTuple's own constructor costs twice as much, 100,000 times over.
LAST_LINE: Final = 1_000_000_000
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
        self._frame = self._top = Frame.top()
        self._frames = [self._top]
        self._case: dict[str, str] | None = None
        self._inner_cases = 0
        self._outcome: Outcome | None = None
        # The text being collected: what takes it in the end, its attributes, elements open inside it.
        self._finish: Callable[[str], None] | None = None
        self._attributes: dict[str, str] = {}
        self._buffer = TextBuffer(reading.text_limit, lambda: note_cut(reading))
        self._inside = 0
        self._attempt: OpenAttempt | None = None
        self._cases = self._suites = self._synthetic = 0
        self._declared = Declared()
        self._root: dict[str, str] | None = None
        # Key of a case whose latest result is bad, to its ordinal: what the next one of that key repeats.
        self._failed: dict[int, int] = {}
        # Suites, and names by a few bits, with such cases among them: they spare nearly all others the key.
        self._failed_paths: set[int] = set()
        self._failed_names = bytearray(_FILTER_BITS + 1)
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "testcase": self._start_case,
            "testsuite": self._start_suite,
            "testsuites": self._start_root,
            "property": self._start_property,
            "properties": self._enter,
            "failure": partial(self._collect, partial(self._end_problem, FAILED)),
            "error": partial(self._collect, partial(self._end_problem, ERROR)),
            "skipped": partial(self._collect_in_case, partial(self._end_problem, SKIPPED)),
            "system-out": partial(self._collect_in_case, self._end_output),
            "system-err": partial(self._collect_in_case, self._end_errors),
            **{tag: partial(self._start_attempt, tag) for tag in ATTEMPTS},
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
        if self._finish is not None:
            self._start_inside(tag)
        elif tag == "testcase" and self._case is None:
            self._case = attributes
        elif (start := self._starts.get(tag)) is not None:
            start(attributes)
        else:
            self._starts.get(tag.rpartition(":")[2], self._enter)(attributes)

    def _end(self, tag: str) -> None:
        if self._finish is not None:
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
        self._announce(outer)
        get = attributes.get
        name = get("name", "")
        suite = Suite(
            self._suites,
            outer.ordinal,
            name,
            self._timestamp(get("timestamp")),
            get("file", "") or get("filepath", ""),
        )
        self._suites += 1
        # Playwright names a suite after its file in each project, and the project as its host.
        path = hash((outer.path, name, get("hostname")))
        self._frame = Frame(suite, path, whole(get("tests")), self._cases - self._synthetic)
        self._frame.failed = path in self._failed_paths
        self._frames.append(self._frame)

    def _end_suite(self) -> None:
        self.depth -= 1
        frame = self._frames.pop()
        self._announce(frame)
        self._emit_synthetic(frame, frame.name)
        total = self._cases - self._synthetic - frame.first
        self._declared.suite(frame, total)
        self._frame = self._frames[-1]
        self._frame.nested += total

    def _announce(self, frame: Frame) -> None:
        suite = frame.announced()
        if suite is not None:
            self._emit(suite)

    def _emit_synthetic(self, frame: Frame, name: str) -> None:
        """Failures outside any case, as a case named after its suite, so that none is lost."""
        if frame.outcome is not None:
            name = name or "(suite)"
            self._emit(frame.outcome.case(self._cases, frame.ordinal, name, "", None, frame.clock, "", None))
            self._cases += 1
            self._synthetic += 1

    def finish(self) -> None:
        """The document has ended well: what only its end can tell."""
        root = self._root or {}
        self._emit_synthetic(self._top, root.get("name", ""))
        self._declared.finish(self._reading, whole(root.get("tests")), self._cases - self._synthetic)

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
        classname = pop("classname", "")
        name = pop("name", "") or classname or f"case {self._cases + 1}"
        seconds = line = None
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
                line = -1
            if not 0 <= line <= LAST_LINE:
                line = None
        frame = self._frame
        if frame.pending is not None:
            self._announce(frame)
        if (start := frame.clock) is not None and seconds is not None:
            frame.clock = start + seconds
        ordinal = self._cases
        self._cases = ordinal + 1
        file = pop("file", "")
        if attributes:
            classname, start, line = self._other_attributes(attributes, classname, start, line)
        outcome = self._outcome
        if outcome is None:
            case = _new(
                Case,
                (
                    ordinal, frame.ordinal, name, classname, PASSED, seconds, start,
                    "", "", "", "", "", file, line, (), (), (), None,
                ),
            )  # fmt: skip
        else:
            self._outcome = None
            case = outcome.case(ordinal, frame.ordinal, name, classname, seconds, start, file, line)
            if outcome.status in BAD:
                case = self._bad(case, frame)
        if frame.failed and case.status == PASSED and self._failed_names[hash(name) & _FILTER_BITS]:
            case = self._after_bad(case, frame)
        self._emit(case)

    def _other_attributes(
        self, attributes: dict[str, str], classname: str, start: float | None, line: int | None
    ) -> tuple[str, float | None, int | None]:
        get = attributes.get
        if line is None and "lineno" in attributes:
            line = whole(attributes["lineno"])
        if "timestamp" in attributes:
            start = self._timestamp(attributes["timestamp"]) or start
        if get("status", "").lower() in NOT_RUN or get("result", "").lower() in NOT_RUN:
            if self._outcome is None:
                self._outcome = Outcome(self._reading)
            self._outcome.not_run()
        return classname or get("class", ""), start, line

    def _bad(self, case: Case, frame: Frame) -> Case:
        """Remember a bad case; it repeats an earlier bad one of its key."""
        key = hash((frame.path, case.classname, case.name, case.file))
        earlier = self._failed.get(key)
        self._failed[key] = case.ordinal
        self._failed_names[hash(case.name) & _FILTER_BITS] = 1
        self._failed_paths.add(frame.path)
        frame.failed = True
        return case if earlier is None else case._replace(retry_of=earlier)

    def _after_bad(self, case: Case, frame: Frame) -> Case:
        """A pass repeats a bad case of its key; a skip is no attempt, so no failure is lost to it."""
        earlier = self._failed.pop(hash((frame.path, case.classname, case.name, case.file)), None)
        return case if earlier is None else case._replace(retry_of=earlier)

    def _inner(self) -> Outcome:
        """What is gathered for the open case, or for the suite when none is open."""
        if self._case is not None:
            if self._outcome is None:
                self._outcome = Outcome(self._reading)
            return self._outcome
        if self._frame.outcome is None:
            self._frame.outcome = Outcome(self._reading)
        return self._frame.outcome

    # Texts

    def _collect(self, finish: Callable[[str], None], attributes: dict[str, str]) -> None:
        self._finish = finish
        self._attributes = attributes
        self._parser.CharacterDataHandler = self._buffer.add

    def _collect_in_case(self, finish: Callable[[str], None], attributes: dict[str, str]) -> None:
        if self._case is None:
            # What a suite prints is no test's: it is not kept.
            self._enter()
        else:
            self._collect(finish, attributes)

    def _start_inside(self, tag: str) -> None:
        attempt = self._attempt
        if attempt is not None and not self._inside and attempt.begins(tag.rpartition(":")[2]):
            # The attempt's own text is the indentation around its parts, or its trace in old Surefire.
            attempt.add_own(self._buffer.take())
        else:
            self._inside += 1
            self.depth += 1

    def _end_inside(self) -> None:
        if self._inside:
            self._inside -= 1
            self.depth -= 1
            return
        text = self._buffer.take()
        if self._attempt is not None and self._attempt.ends_part(text):
            self._attach(text)
            return
        self._parser.CharacterDataHandler = None
        finish = self._finish
        self._finish = None
        if finish is not None:
            finish(text)

    def _attach(self, text: str) -> None:
        if MARKER in text or self._buffer.found:
            self._inner().attach(self._buffer.take_attachments(text))

    def _end_problem(self, status: str, text: str) -> None:
        # Markers in a stack trace are quoted source code: only what was printed names files.
        self._inner().problem(status, self._attributes, text)

    def _end_output(self, text: str) -> None:
        self._inner().output(text)
        self._attach(text)

    def _end_errors(self, text: str) -> None:
        self._inner().output_of_errors(text)
        self._attach(text)

    def _start_attempt(self, local: str, attributes: dict[str, str]) -> None:
        if self._case is not None:
            self._attempt = OpenAttempt(self._reading)
        self._collect_in_case(partial(self._end_attempt, local), attributes)

    def _end_attempt(self, local: str, text: str) -> None:
        attempt = self._attempt
        if attempt is not None:
            self._attempt = None
            attempt.add_own(text)
            self._inner().attempt(attempt.closed(local, self._attributes), rerun=local.startswith("rerun"))

    def _start_property(self, attributes: dict[str, str]) -> None:
        value = attributes.get("value")
        if value is None:
            self._collect(self._end_property, attributes)
            return
        self.depth += 1
        if self._case is not None:
            self._inner().prop(attributes.get("name", ""), value)
        else:
            self._frame.prop(attributes.get("name", ""), value, self._reading)

    def _end_property(self, text: str) -> None:
        self.depth -= 1
        self._start_property({"name": self._attributes.get("name", ""), "value": text.strip()})

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
