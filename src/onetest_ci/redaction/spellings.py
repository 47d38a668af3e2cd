"""How reports, logs and files spell a secret."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final
from urllib.parse import quote

ODD_BYTES: Final = "surrogateescape"
"""How Python decodes bytes of the environment that are not UTF-8 (PEP 383)."""

# How " and ' are written in XML: as they are, by name, and by number as Go and Python do.
_XML_QUOTES: Final = (
    ('"', "'"),
    ("&quot;", "'"),
    ("&quot;", "&apos;"),
    ("&quot;", "&#39;"),
    ("&quot;", "&#x27;"),
    ("&#34;", "&#39;"),
)
# A line break and the indentation after it: as they are, in a JSON text, and in an XML attribute.
_BREAKS: Final = ("\r", "\n", " ", "\t", "\\r", "\\n", "&#13;", "&#10;", "&#xD;", "&#xA;", "&#xd;", "&#xa;")
_LONGEST_BREAK: Final = 64
_MARK: Final = 12
"""Characters of a mark. Lines must have at least twice as many; encoders break them after 60, 64 or 76."""
_GROUP: Final = 4
_URL_SAFE: Final = str.maketrans("+/", "-_")
_BITS_OF_BYTE: Final = 8
_BITS_OF_CHARACTER: Final = 6


def literals(value: str) -> Iterator[str]:
    """Yield the value as it is and as JSON, XML and URLs write it."""
    yield value
    for in_json in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        yield in_json
        # PHP escapes slashes as well.
        yield in_json.replace("/", "\\/")
    # Not by xml.sax.saxutils, which imports an HTTP client.
    in_xml = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for double, single in _XML_QUOTES:
        yield in_xml.replace('"', double).replace("'", single)
    in_url = quote(value, safe="", errors=ODD_BYTES)
    yield in_url
    yield re.sub("%..", lambda found: found[0].lower(), in_url)


class Base64:
    """One alignment of a secret inside base64 text, which may be broken into lines.

    base64 encodes groups of three bytes as four characters. The bytes before a secret decide where in its
    first group the secret begins, so it has three alignments. At both ends it may share a group, and a
    character of it, with other bytes.

    Args:
        value: the secret's bytes.
        shift: how many bytes of its first group stand before it: 0, 1 or 2.
        encoding: how the base64 text is stored.

    Attributes:
        marks: two texts, each in all of its spellings. A break leaves at least one of the two whole. So a
            quick search for them shows whether a pattern may match.
        run: the base64 characters that contain only bits of the secret.
        place: index of the first of these characters in its group of four.
    """

    def __init__(self, value: bytes, shift: int, encoding: str) -> None:
        start = -(-shift * _BITS_OF_BYTE // _BITS_OF_CHARACTER)
        end = (shift + len(value)) * _BITS_OF_BYTE // _BITS_OF_CHARACTER
        self.place: Final = start
        self._after = -end % _GROUP
        self.run: Final = base64.b64encode(bytes(shift) + value).decode("ascii")[start:end]
        self._encoding = encoding
        size = min(_MARK, len(self.run) // 2)
        halves = (self.run[:size], self.run[size : 2 * size])
        self.marks: Final = frozenset(
            text for half in halves for text in (half, half.translate(_URL_SAFE), half.replace("/", "\\/"))
        )

    @cached_property
    def own(self) -> str:
        """A regular expression for ``run``."""
        return self._gap.join(map(self._character, self.run))

    @cached_property
    def groups(self) -> str:
        """A regular expression for all groups that hold a part of the secret."""
        other, gap = self._any_of("A-Za-z0-9+/=_-"), self._gap
        return f"(?:{other}{gap}){{0,{self.place}}}{self.own}(?:{gap}{other}){{0,{self._after}}}"

    @cached_property
    def part(self) -> str:
        """A regular expression for one break, or for one character, which is its first group.

        A slash is not among the characters: a backslash before it may be a part of its spelling.
        """
        return f"{self._break}|({self._any_of('A-Za-z0-9+=_-')})"

    @property
    def _gap(self) -> str:
        return f"(?:{self._break}){{0,{_LONGEST_BREAK}}}"

    @property
    def _break(self) -> str:
        return "|".join(map(self._stored, _BREAKS))

    def _any_of(self, characters: str) -> str:
        # "A" is replaced; the null bytes of the encoding stay.
        return self._stored("A").replace("A", f"[{characters}]")

    def _character(self, character: str) -> str:
        stored = self._stored(character)
        if character == "+":
            return f"(?:{stored}|{self._stored('-')})"
        if character == "/":
            backslash = self._stored("\\")
            return f"(?:(?:{backslash})?{stored}|{self._stored('_')})"
        return stored

    def _stored(self, text: str) -> str:
        return re.escape(text.encode(self._encoding).decode("latin-1"))


def alignments(values: Iterable[str], encoding: str) -> list[Base64]:
    """Return the three alignments of each value."""
    return [Base64(value.encode(errors=ODD_BYTES), shift, encoding) for value in values for shift in range(3)]
