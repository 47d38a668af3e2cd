"""The tree of one unit, as of a test, out of a stream of XML: in bounded memory.

Nearly all units fit into one chunk of the file. Characters are counted only in units that do not, and in
those with very many elements: no other unit can exceed a limit by more than a chunk.
"""

from collections.abc import Callable, Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.limits import warn_of_cut
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.text import TextBuffer

MOST_ELEMENTS: Final = 20_000
"""Elements kept of one unit at any depth; real tests stay under 2,000 (Robot's keywords)."""

DEEPEST: Final = 100
"""Elements open inside one unit; real tests stay under 30."""

LONGEST_FILE: Final = 16 * 1024 * 1024
"""Characters of a file inside a report: as base64 a little more than OneTest accepts of one."""

_SHORTEST_TEXT: Final = 4096
"""Minimum limit of a text while a unit is read, in characters: verdicts depend on names and counts."""

_TEXTS_OF_A_UNIT: Final = 16
"""Texts of the full limit that one unit may hold together."""

_MOST_IN_FILES: Final = 2 * LONGEST_FILE
"""Characters of files that one unit may hold together."""

_HARD: Final = 4
"""The two limits are multiplied by this for the unit's direct children, which hold the verdicts."""

_MANY_PIECES: Final = 10_000


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
        if "/" not in path:
            for child in self.children:
                if child.tag == path:
                    return child
            return _NONE
        tag, _, rest = path.partition("/")
        for child in self.children:
            if child.tag == tag and (found := child.first(rest)) is not _NONE:
                return found
        return _NONE

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


class UnitTree:
    """Builds the tree of the unit that is open. It has the parser's handlers until the unit ends.

    Args:
        parser: calls the handlers.
        reading: has the limit of a text, and collects warnings.
        ended: called with each complete unit; sets the parser's handlers again.

    Attributes:
        files: elements whose text is a file, to which the limit of texts does not apply.
    """

    def __init__(
        self, parser: expat.XMLParserType, reading: Reading, ended: Callable[[Element], None]
    ) -> None:
        self.files: frozenset[str] = frozenset()
        self._parser = parser
        self._reading = reading
        self._ended = ended
        self._limit = max(reading.text_limit, _SHORTEST_TEXT)
        self._most = _TEXTS_OF_A_UNIT * self._limit
        self._open: list[Element] = []
        # Pieces of the texts of all open elements, and where those of each begin.
        self._pieces: list[str] = []
        self._starts: list[int] = []
        # Beginnings of long texts, by the depth of their element.
        self._long: dict[int, TextBuffer] = {}
        self._counted = False
        self._elements = self._characters = self._in_files = self._passed_over = 0

    @property
    def depth(self) -> int:
        """How many elements are open, the unit included. 0 without a unit."""
        return len(self._open) + self._passed_over

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin a unit with its start tag."""
        self._open.append(Element(tag, attributes))
        self._starts.append(0)
        self._elements = 0
        self._counted = False
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._pieces.append

    def settle(self) -> None:
        """Keep the unit within the limits, if one is open: it is longer than a chunk."""
        if not self._open:
            return
        self._count()
        if len(self._pieces) > _MANY_PIECES or sum(map(len, self._pieces)) > 2 * self._limit:
            self._shorten()

    # Units within a chunk

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        around = self._open
        if len(around) > DEEPEST:
            line = self._parser.CurrentLineNumber
            hint = "No test runner writes such a file; see what made it."
            raise ReportError(
                "too-deep", f"more than {DEEPEST} elements are open in a test at line {line}.", hint
            )
        element = Element(tag.rpartition(":")[2] if ":" in tag else tag, attributes)
        around[-1].children.append(element)
        around.append(element)
        self._starts.append(len(self._pieces))
        self._elements += 1
        if self._elements == MOST_ELEMENTS:
            self._count()

    def _end(self, _tag: str) -> None:
        element = self._open.pop()
        start = self._starts.pop()
        pieces = self._pieces
        if len(pieces) > start:
            text = "".join(pieces[start:])
            del pieces[start:]
            element.text = self._bounded(element, text) if self._long or len(text) > self._limit else text
        if not self._open:
            self._ended(element)

    # Large units

    def _count(self) -> None:
        """Count what the unit contains so far, once, and all that comes."""
        if self._counted:
            return
        self._counted = True
        self._characters = self._in_files = 0
        for element in self._open[0].below():
            self._characters += sum(map(len, element.attributes.values()))
            self._count_text(element)
        self._parser.StartElementHandler = self._start_counted
        self._parser.EndElementHandler = self._end_counted

    def _count_text(self, element: Element) -> None:
        if element.tag in self.files:
            self._in_files += len(element.text)
        else:
            self._characters += len(element.text)

    def _start_counted(self, tag: str, attributes: dict[str, str]) -> None:
        full = self._elements > MOST_ELEMENTS or self._characters > self._most
        many_files = self._in_files > _MOST_IN_FILES and tag.rpartition(":")[2] in self.files
        if many_files or (full and self._may_pass_over()):
            self._pass_over()
        else:
            self._characters += sum(map(len, attributes.values()))
            self._start(tag, attributes)

    def _end_counted(self, tag: str) -> None:
        element = self._open[-1]
        self._end(tag)
        self._count_text(element)

    def _may_pass_over(self) -> bool:
        """Return whether the next element of a full unit is left out. Direct children have a higher limit."""
        if len(self._open) > 1:
            return True
        return self._elements > _HARD * MOST_ELEMENTS or self._characters > _HARD * self._most

    def _pass_over(self) -> None:
        """Leave an element out; what stands directly in the unit is never left out in silence."""
        if len(self._open) == 1:
            raise ReportError(
                "oversized-test",
                f"a test holds more than {_HARD * MOST_ELEMENTS:,} elements or their texts, "
                f"at line {self._parser.CurrentLineNumber}.",
                "No test runner writes such a file; see what made it.",
            )
        self._reading.warn(
            "large", "a test has more elements or text than is kept of one; the rest is left out"
        )
        self._passed_over = 1
        self._parser.StartElementHandler = self._start_passed_over
        self._parser.EndElementHandler = self._end_passed_over
        self._parser.CharacterDataHandler = None

    def _start_passed_over(self, _tag: str, _attributes: dict[str, str]) -> None:
        self._passed_over += 1

    def _end_passed_over(self, _tag: str) -> None:
        self._passed_over -= 1
        if not self._passed_over:
            self._parser.StartElementHandler = self._start_counted
            self._parser.EndElementHandler = self._end_counted
            self._parser.CharacterDataHandler = self._pieces.append

    # Long texts

    def _shorten(self) -> None:
        """Shorten the long texts of open elements."""
        kept: list[str] = []
        ends = [*self._starts[1:], len(self._pieces)]
        for depth, element in enumerate(self._open):
            pieces = self._pieces[self._starts[depth] : ends[depth]]
            if len(pieces) > _MANY_PIECES or sum(map(len, pieces)) > 2 * self._limit_of(element):
                buffer = self._long.setdefault(depth, self._buffer(element))
                buffer.add("".join(pieces))
                buffer.settle()
                # A mark that the element has text.
                pieces = [""]
            self._starts[depth] = len(kept)
            kept += pieces
        self._pieces[:] = kept

    def _bounded(self, element: Element, text: str) -> str:
        """Return the text of an element that has just ended, within its limit. ``text`` is its last part."""
        buffer = self._long.pop(len(self._open), None) or self._buffer(element)
        buffer.add(text)
        return buffer.take()

    def _buffer(self, element: Element) -> TextBuffer:
        return TextBuffer(self._limit_of(element), lambda: warn_of_cut(self._reading))

    def _limit_of(self, element: Element) -> int:
        return LONGEST_FILE if element.tag in self.files else self._limit
