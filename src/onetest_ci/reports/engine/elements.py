"""Small trees out of a stream of XML: the base of every XML format but the JUnit family.

A format declares which elements are units, read completely, such as a test's, and which are containers, whose
begin and end it handles. All others are passed over. Memory holds one unit, which is bounded.
"""

from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import Recorder
from onetest_ci.reports.engine.unit_tree import Element, UnitTree
from onetest_ci.reports.engine.xml_stream import stream_xml

__all__ = ["Element", "XmlFormat", "read_xml"]


class XmlFormat:
    """Streams one document; a format derives from it and fills the three tables.

    Attributes:
        units: handlers of elements that have been read completely.
        opens: handlers of the start of containers.
        closes: handlers of the end of containers.
    """

    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        self.reading = reading
        self.recorder = Recorder(reading)
        self.records = self.recorder.records
        self.units: Mapping[str, Callable[[Element], None]] = {}
        self.opens: Mapping[str, Callable[[dict[str, str]], None]] = {}
        self.closes: Mapping[str, Callable[[], None]] = {}
        self._parser = parser
        self._unit = UnitTree(parser, reading, self._end_unit)
        self._begun = False
        self._containers = 0
        # Bound once. To bind a method again for each unit takes as long as to start the unit.
        self._on_start, self._on_end = self._start, self._end
        self._take_handlers()

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return self._containers + self._unit.depth

    @property
    def ended(self) -> bool:
        """Whether the root element has ended."""
        return self._begun and self.depth == 0

    def keep_files(self, *tags: str) -> None:
        """Set the elements of units whose text is a file, to which the limit of texts does not apply."""
        self._unit.files = frozenset(tags)

    def settle(self) -> None:
        """Keep the unit that is being read within the limits."""
        self._unit.settle()

    def finish(self) -> None:
        """Record what the end of a complete document shows."""

    def abandon(self) -> None:
        """Record the complete parts: the document breaks off here."""

    def _take_handlers(self) -> None:
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end
        self._parser.CharacterDataHandler = None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._begun = True
        local = tag.rpartition(":")[2] if ":" in tag else tag
        if local in self.units:
            self._unit.begin(local, attributes)
            return
        self._containers += 1
        if (opened := self.opens.get(local)) is not None:
            opened(attributes)

    def _end(self, tag: str) -> None:
        self._containers -= 1
        if (closed := self.closes.get(tag.rpartition(":")[2] if ":" in tag else tag)) is not None:
            closed()

    def _end_unit(self, unit: Element) -> None:
        self._take_handlers()
        self.units[unit.tag](unit)


def read_xml(
    stream: ByteStream, reading: Reading, report_format: Callable[[expat.XMLParserType, Reading], XmlFormat]
) -> Iterator[Records]:
    """Yield the records of a document; for broken files see ``stream_xml``."""
    return stream_xml(stream, reading, report_format)
