"""The root element of an XML file, found without reading what comes after it."""

from typing import Final, NamedTuple, Protocol
from xml.parsers import expat

LONGEST_PROLOG: Final = 32 * 1024 * 1024
"""Bytes before the end of the start tags that are looked at."""

_CHUNK: Final = 65_536
_MOST_ELEMENTS: Final = 4096


class XmlRoot(NamedTuple):
    """A root element.

    Attributes:
        name: local name.
        namespace: empty for none.
        attributes: names of its attributes.
        elements: of a shared name, the names of the first elements right inside it.
    """

    name: str
    namespace: str
    attributes: frozenset[str] = frozenset()
    elements: frozenset[str] = frozenset()


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _FoundError(Exception):
    """Ends the parse: no more is needed."""


class _Finder:
    def __init__(self, shared: frozenset[str]) -> None:
        self.root: XmlRoot | None = None
        self._shared = shared
        self._elements: set[str] = set()
        self._seen = self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition("\n")
        if self.root is None:
            names = frozenset(attribute.rpartition("\n")[2] for attribute in attributes)
            self.root = XmlRoot(name, namespace, names)
            if name not in self._shared:
                raise _FoundError
            return
        if self._depth == 0:
            self._elements.add(name)
        self._depth += 1
        self._seen += 1
        if self._seen == _MOST_ELEMENTS:
            raise _FoundError

    def end(self, _tag: str) -> None:
        self._depth -= 1

    def found(self) -> XmlRoot | None:
        return self.root._replace(elements=frozenset(self._elements)) if self.root is not None else None


def find_root(stream: _Readable, encoding: str | None, shared: frozenset[str]) -> XmlRoot | None:
    """Return the root element. None if the parser does not get there.

    Args:
        stream: the file, at its start.
        encoding: None to go by what the file declares.
        shared: names that several formats have, so that the first elements are needed as well.
    """
    finder = _Finder(shared)
    parser = expat.ParserCreate(encoding, "\n")
    parser.StartElementHandler = finder.start
    parser.EndElementHandler = finder.end
    passed = 0
    try:
        while passed < LONGEST_PROLOG and (data := stream.read(_CHUNK)):
            passed += len(data)
            parser.Parse(data, False)
    except (_FoundError, expat.ExpatError, LookupError, ValueError):
        # pyexpat raises the latter two for encodings that it does not know.
        pass
    return finder.found()
