"""Small trees out of a stream of XML: the base of every XML format but the JUnit family.

A format declares which elements are units, read completely, such as a test's, and which are containers, whose
begin and end it handles. All others are passed over. Memory holds one unit, which is bounded.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final
from xml.parsers import expat

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.limits import warn_of_cut
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import Recorder
from onetest_ci.reports.engine.text import TextBuffer
from onetest_ci.reports.engine.xml_stream import stream_xml

MOST_ELEMENTS: Final = 20_000
"""Elements kept of one unit at any depth; real tests stay under 2,000 (Robot's keywords)."""

DEEPEST: Final = 100
"""Elements open inside one unit; real tests stay under 30."""

_SHORTEST_TEXT: Final = 4096
"""Minimum limit of a text while a unit is read, in characters: verdicts depend on names and counts."""

_TEXTS_OF_A_UNIT: Final = 16
"""Texts of the full limit that one unit may hold together."""

LONGEST_FILE: Final = 16 * 1024 * 1024
"""Characters of a file inside a report: as base64 a little more than OneTest accepts of one."""

_FILES_OF_A_UNIT: Final = 2
"""Files of that length that one unit may hold together."""

_HARD: Final = 4
"""The two limits are multiplied by this for the unit's direct children, which hold the verdicts."""


class Element:
    """One element of a unit.

    Attributes:
        tag: local name.
        attributes: as they are.
        children: elements inside it, in order.
        text: what stands in it directly.
    """

    __slots__ = ("attributes", "children", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element] = []
        self.text = ""

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return self.attributes.get(name, default)

    def all(self, path: str) -> Iterator["Element"]:
        """Yield the elements at a path of tags below this one, as ``Output/StdOut``."""
        tag, _, rest = path.partition("/")
        for child in self.children:
            if child.tag == tag:
                yield from child.all(rest) if rest else (child,)

    def first(self, path: str) -> "Element":
        """Return the first element at a path; an empty one if there is none."""
        return next(self.all(path), _NONE)

    def text_at(self, path: str) -> str:
        """Return the stripped text of the first element at a path."""
        return self.first(path).text.strip()

    def below(self) -> Iterator["Element"]:
        """Yield all elements inside this one, in the order of the document."""
        waiting = self.children[::-1]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += element.children[::-1]


_NONE: Final = Element("", {})


class XmlFormat:
    """Streams one document; a format derives from it and fills the three tables.

    Attributes:
        units: handlers of elements that have been read completely.
        opens: handlers of the start of containers.
        closes: handlers of the end of containers.
        files: elements of units whose text is a file, to which the limit of texts does not apply.
    """

    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        self.reading = reading
        self.recorder = Recorder(reading)
        self.records = self.recorder.records
        self.depth = 0
        self.units: Mapping[str, Callable[[Element], None]] = {}
        self.opens: Mapping[str, Callable[[dict[str, str]], None]] = {}
        self.closes: Mapping[str, Callable[[], None]] = {}
        self.files: frozenset[str] = frozenset()
        self._parser = parser
        self._stack: list[Element] = []
        self._buffers: list[TextBuffer] = []
        self._begun = False
        self._passed_over = 0
        self._elements = self._characters = self._in_files = 0
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    @property
    def ended(self) -> bool:
        """Whether the root element has ended."""
        return self._begun and self.depth == 0

    def settle(self) -> None:
        """Keep the texts that are being read within the limits."""
        for buffer in self._buffers:
            buffer.settle()

    def finish(self) -> None:
        """Record what the end of a complete document shows."""

    def abandon(self) -> None:
        """Record the complete parts: the document breaks off here."""

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self._begun = True
        local = tag.rpartition(":")[2]
        if self._stack:
            self._start_inside(local, attributes)
        elif local in self.units:
            self._elements = self._characters = self._in_files = 0
            self._push(Element(local, attributes))
            self._parser.CharacterDataHandler = self._text
        elif (opened := self.opens.get(local)) is not None:
            opened(attributes)

    def _start_inside(self, local: str, attributes: dict[str, str]) -> None:
        if self._passed_over:
            self._passed_over += 1
            return
        if self._full(1) and (len(self._stack) > 1 or self._full(_HARD)):
            self._pass_over()
            return
        if self._in_files > _FILES_OF_A_UNIT * LONGEST_FILE and local in self.files:
            self._pass_over()
            return
        if len(self._stack) > DEEPEST:
            line = self._parser.CurrentLineNumber
            hint = "No test runner writes such a file; see what made it."
            raise ReportError(
                "too-deep", f"more than {DEEPEST} elements are open in a test at line {line}.", hint
            )
        self._elements += 1
        self._characters += sum(map(len, attributes.values()))
        element = Element(local, attributes)
        self._stack[-1].children.append(element)
        self._push(element)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        if self._passed_over:
            self._passed_over -= 1
        elif self._stack:
            element = self._stack.pop()
            element.text = self._buffers.pop().take()
            if element.tag in self.files:
                self._in_files += len(element.text)
            else:
                self._characters += len(element.text)
            if not self._stack:
                self._parser.CharacterDataHandler = None
                self.units[element.tag](element)
        elif (closed := self.closes.get(tag.rpartition(":")[2])) is not None:
            closed()

    def _push(self, element: Element) -> None:
        self._stack.append(element)
        limit = LONGEST_FILE if element.tag in self.files else max(self.reading.text_limit, _SHORTEST_TEXT)
        self._buffers.append(TextBuffer(limit, lambda: warn_of_cut(self.reading)))

    def _text(self, data: str) -> None:
        if not self._passed_over:
            self._buffers[-1].add(data)

    def _pass_over(self) -> None:
        """Leave an element out; what stands directly in the unit is never left out in silence."""
        if len(self._stack) == 1:
            raise ReportError(
                "oversized-test",
                f"a test holds more than {_HARD * MOST_ELEMENTS:,} elements or their texts, "
                f"at line {self._parser.CurrentLineNumber}.",
                "No test runner writes such a file; see what made it.",
            )
        self.reading.warn(
            "large", "a test has more elements or text than is kept of one; the rest is left out"
        )
        self._passed_over = 1

    def _full(self, times: int) -> bool:
        texts = _TEXTS_OF_A_UNIT * max(self.reading.text_limit, _SHORTEST_TEXT)
        return self._elements > times * MOST_ELEMENTS or self._characters > times * texts


def read_xml(
    stream: ByteStream, reading: Reading, report_format: Callable[[expat.XMLParserType, Reading], XmlFormat]
) -> Iterator[Records]:
    """Yield the records of a document; for broken files see ``stream_xml``."""
    return stream_xml(stream, reading, report_format)
