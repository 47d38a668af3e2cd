"""A window that moves over the text of a JSON file: bounded memory, and nothing is decoded.

Regular expressions pass over strings and nested values, in about ten seconds for a gigabyte.
"""

import codecs
import re
from typing import Final

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.reading import ByteStream
from onetest_ci.text.characters import encoding_of

LONGEST_NAME: Final = 1024 * 1024
"""Characters from one value to the next; a longer name does not belong to any format."""

DEEPEST: Final = 1000
"""Lists and objects open at one time: Python's decoder refuses more, and reports stay under 100."""

_CHUNK: Final = 128 * 1024
_NESTED: Final = 6
_AHEAD: Final = 256


def _balanced(depth: int) -> str:
    """Return a pattern for a complete object or list with up to ``depth`` levels inside it."""
    inner = f"|{_balanced(depth - 1)}" if depth else ""
    return rf'[\[{{](?:[^"\[\]{{}}]++|{_STRING}{inner})*+[\]}}]'


_STRING: Final = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
ANY_VALUE: Final = rf'{_STRING}|{_balanced(_NESTED)}|[^\s"\[\]{{}},]++'
_VALUE: Final = re.compile(ANY_VALUE, re.DOTALL)
_INSIDE: Final = re.compile(rf'(?:[^"\[\]{{}}]++|{_STRING}|{_balanced(_NESTED)})*+', re.DOTALL)
_IN_STRING: Final = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_SCALAR: Final = re.compile(r'[^\s"\[\]{},]*+')
NAME: Final = re.compile(r'[\s,]*+(?:"((?:[^"\\]++|\\.)*+)"\s*+:\s*+|\})', re.DOTALL)
NAME_CUT: Final = re.compile(r'[\s,]*+(?:"(?:[^"\\]++|\\.)*+(?:\\|"\s*+:?\s*+)?)?\Z', re.DOTALL)
BETWEEN: Final = re.compile(r"[\s,]*+")
_SPACE: Final = re.compile(r"[\ufeff\s]*+")
# The start of a file; a log's "[INFO]" or "[2026-01-02 03:04:05]" does not match.
_BEGINNING: Final = re.compile(
    r'[\[{]\s*+\Z|\{\s*+["}]|\[\s*+(?:[\[{\]"]|(?:null|true|false|-?\d[\d.eE+-]*+)\s*+[,\]])', re.DOTALL
)
_LATER: Final = re.compile(r'\n(?=(?:\[\s*+)?\{\s*+["}])')


class CutError(Exception):
    """The file ends inside a document."""


class DeepError(Exception):
    """Lists and objects are nested too deeply for any reader."""


def begins_as_json(data: bytes) -> bool:
    """Return whether the start of a file looks like a JSON document."""
    text = data[:_AHEAD].decode(encoding_of(data), "replace")
    at = _SPACE.match(text)
    return _BEGINNING.match(text, at.end() if at else 0) is not None


def document_at(text: str) -> int:
    """Return where a text's first JSON document begins: at its start or at a later line. 0 for nowhere."""
    space = _SPACE.match(text)
    at = space.end() if space else 0
    if _BEGINNING.match(text, at):
        return at
    later = _LATER.search(text)
    return later.end() if later else 0


def value_end(text: str, at: int) -> int | None:
    """Return where the value that begins here ends. None if it is nested deeply or the text ends before."""
    found = _VALUE.match(text, at)
    return None if found is None else found.end()


class Window:
    """A part of a file's text that moves forward; ``at`` is the place in it."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.problem: ReportError | None = None
        self._ended = False
        first = self._read(_CHUNK)
        self._decoder = codecs.getincrementaldecoder(encoding_of(first))(errors="replace")
        self.text = self._decoder.decode(first, self._ended)
        self.at = 0
        self._passed = 0

    @property
    def place(self) -> int:
        """The number of characters before ``at`` in the file."""
        return self._passed + self.at

    def more(self) -> bool:
        """Read on and drop what is behind ``at``. False at the end of the file."""
        if self._ended:
            return False
        self._passed += self.at
        self.text = self.text[self.at :]
        self.at = 0
        data = self._read(max(_CHUNK, len(self.text)))
        self.text += self._decoder.decode(data, self._ended)
        return True

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Move past a pattern that begins here. None if something else stands here."""
        while True:
            found = pattern.match(self.text, self.at)
            if found is not None and found.end() < len(self.text):
                self.at = found.end()
                return found
            # It may go on in the next part.
            if len(self.text) - self.at > LONGEST_NAME or not self.more():
                self.at = found.end() if found is not None else self.at
                return found

    def pass_all(self, pattern: re.Pattern[str]) -> bool:
        """Move past all that a pattern of whole parts matches. False if it matches nothing."""
        start = self.place
        while True:
            found = pattern.match(self.text, self.at)
            if found is None or found.end() == self.at:
                return self.place > start
            self.at = found.end()
            # The end of the window cuts the next part, as a rule.
            if len(self.text) - self.at > _CHUNK // 2 or not self.more():
                return True

    def character(self) -> str:
        """Return the character here. Empty at the end of the file."""
        while self.at >= len(self.text):
            if not self.more():
                return ""
        return self.text[self.at]

    def to_document(self) -> bool:
        """Move to a document that comes next, over space only."""
        self.take(_SPACE)
        while len(self.text) - self.at < _AHEAD and self.more():
            pass
        return _BEGINNING.match(self.text, self.at) is not None

    def to_later_document(self) -> bool:
        """Move to a document at the start of a later line."""
        while True:
            if found := _LATER.search(self.text, self.at):
                self.at = found.end()
                return True
            self.at = max(self.at, len(self.text) - _AHEAD)
            if not self.more():
                return False

    def pass_over(self) -> None:
        """Move past a value."""
        found = _VALUE.match(self.text, self.at)
        if found is not None and found.end() < len(self.text):
            self.at = found.end()
            return
        first = self.character()
        if first in {"{", "["}:
            self.at += 1
            self._leave()
        elif first == '"':
            self.at += 1
            self._leave_string()
        elif first:
            self.take(_SCALAR)
        else:
            raise CutError

    def _leave(self) -> None:
        """Move past the end of the object or list that is open here."""
        depth = 1
        while depth:
            found = _INSIDE.match(self.text, self.at)
            self.at = found.end() if found is not None else self.at
            character = self.character()
            if not character:
                raise CutError
            # The window may have moved to text that can be passed over as well.
            if character in '{["]}':
                self.at += 1
            if character == '"':
                self._leave_string()
            elif character in {"{", "["}:
                depth += 1
                if depth > DEEPEST:
                    raise DeepError
            elif character in {"}", "]"}:
                depth -= 1

    def _leave_string(self) -> None:
        """Move past the end of the string that is open here."""
        while True:
            found = _IN_STRING.match(self.text, self.at)
            self.at = found.end() if found is not None else self.at
            if self.text[self.at : self.at + 1] == '"':
                self.at += 1
                return
            if not self.more():
                raise CutError

    def _read(self, size: int) -> bytes:
        data = b""
        try:
            data = self._stream.read(size)
        except ReportError as problem:
            # A damaged archive: the part before the fault may show the kind of file.
            self.problem = problem
        self._ended = not data
        return data
