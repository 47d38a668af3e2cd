"""The root element of an XML file, found without reading what comes after it."""

from typing import Final, NamedTuple, Protocol
from xml.parsers import expat

LONGEST_PROLOG: Final = 32 * 1024 * 1024
"""Maximum bytes read to find the start tags."""

_CHUNK: Final = 65_536
_MOST_ELEMENTS: Final = 4096


class XmlRoot(NamedTuple):
    """A root element.

    Attributes:
        name: local name.
        namespace: empty for none.
        attributes: names of its attributes, if other documents share its name.
        elements: names of the first elements right inside it, likewise.
    """

    name: str
    namespace: str
    attributes: frozenset[str] = frozenset()
    elements: frozenset[str] = frozenset()


class Readable(Protocol):
    """Bytes that are read once."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most ``size``; empty at the end."""


class _FoundError(Exception):
    """Ends the parse: no more is needed."""


class _Finder:
    """Handlers for a root element whose name is shared."""

    def __init__(self) -> None:
        self.attributes: frozenset[str] = frozenset()
        self.elements: set[str] = set()
        self._seen = self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth == 0:
            self.attributes = frozenset(name.rpartition("\n")[2] for name in attributes)
        elif self._depth == 1:
            self.elements.add(tag.rpartition("\n")[2])
        self._depth += 1
        self._seen += 1
        if self._seen == _MOST_ELEMENTS:
            raise _FoundError

    def end(self, _tag: str) -> None:
        self._depth -= 1


def find_root(head: bytes, stream: Readable, encoding: str | None = None) -> XmlRoot | None:
    """Return the root element, without its attributes and elements. None if the parser does not get there.

    Args:
        head: the start of the file.
        stream: what follows it.
        encoding: None to go by what the file declares.
    """
    found: list[str] = []

    def start(tag: str, _attributes: dict[str, str]) -> None:
        found.append(tag)
        raise _FoundError

    parser = expat.ParserCreate(encoding, "\n")
    parser.StartElementHandler = start
    _parse(parser, head, stream)
    if not found:
        return None
    namespace, _, name = found[0].rpartition("\n")
    return XmlRoot(name, namespace)


def with_contents(root: XmlRoot, stream: Readable, encoding: str | None = None) -> XmlRoot:
    """Return a root element with the names of its attributes and of the first elements inside it.

    Args:
        root: the element.
        stream: the file, at its start.
        encoding: None to go by what the file declares.
    """
    finder = _Finder()
    parser = expat.ParserCreate(encoding, "\n")
    parser.StartElementHandler = finder.start
    parser.EndElementHandler = finder.end
    _parse(parser, b"", stream)
    return root._replace(attributes=finder.attributes, elements=frozenset(finder.elements))


def _parse(parser: expat.XMLParserType, head: bytes, stream: Readable) -> None:
    """Parse until a handler has found what it looks for."""
    passed = 0
    data = head or stream.read(_CHUNK)
    try:
        while data and passed < LONGEST_PROLOG:
            passed += len(data)
            parser.Parse(data, False)
            data = stream.read(_CHUNK)
    except (_FoundError, expat.ExpatError, LookupError, ValueError):
        # pyexpat raises the latter two for encodings that it does not know.
        pass
