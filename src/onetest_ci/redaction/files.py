"""Find secrets in the bytes of files, and cover them."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, BinaryIO, Final, NamedTuple, Protocol, cast

from onetest_ci.redaction.spellings import ODD_BYTES, Base64, alignments, literals

_CHUNK: Final = 1024 * 1024
_ROOM_FOR_BREAKS: Final = 4096
_COVER: Final = "*"
_BASE64_COVER: Final = "Kioq"
"""``***`` in base64."""
_WIDE: Final = ("utf-16-le", "utf-16-be")


class Readable(Protocol):
    """A source of bytes."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none at the end."""


class _Span(NamedTuple):
    """A secret in a file: its offset, and the bytes to cover it with."""

    start: int
    cover: bytes


class FileForms:
    """Finds secrets in the bytes of files.

    Args:
        plain: texts to find in all spellings.
        in_base64: texts to find inside base64.

    Attributes:
        longest: maximum bytes of a secret, breaks of base64 included.
    """

    def __init__(self, plain: Iterable[str], in_base64: Iterable[str]) -> None:
        forms = sorted({form for text in plain for form in literals(text)})
        encoded = list(in_base64)
        beyond_ascii = [form for form in forms if not form.isascii()]
        self._narrow: Final = (_Forms(forms, encoded, "utf-8"), _Forms(beyond_ascii, [], "cp1252"))
        self._wide: Final = tuple(_Forms(forms, encoded, encoding) for encoding in _WIDE)
        # base64 takes 4 bytes for 3, each of which takes two in UTF-16.
        self.longest: Final = 8 * max(map(len, (*forms, *encoded)), default=0) + _ROOM_FOR_BREAKS

    def spans(self, data: bytes) -> Iterator[_Span]:
        """Yield the span of each secret. Spans may overlap, as one secret may contain another."""
        # Text in UTF-16 has zero bytes, other text has none.
        for forms in (*self._narrow, *self._wide) if b"\0" in data else self._narrow:
            yield from forms.spans(data)


class _Forms:
    """Finds secrets in text of one encoding."""

    def __init__(self, forms: list[str], in_base64: list[str], encoding: str) -> None:
        self._literals = [form for text in forms if (form := _encoded(text, encoding))]
        self._base64 = [_Base64InFiles(one, encoding) for one in alignments(in_base64, encoding)]
        self._cover = _COVER.encode(encoding)

    def spans(self, data: bytes) -> Iterator[_Span]:
        for form in self._literals:
            start = data.find(form)
            while start >= 0:
                yield _Span(start, self._cover * (len(form) // len(self._cover)))
                start = data.find(form, start + 1)
        for one in self._base64:
            if any(mark in data for mark in one.marks):
                yield from one.spans(data)


class _Base64InFiles:
    """Finds one alignment of a secret inside base64."""

    def __init__(self, spelled: Base64, encoding: str) -> None:
        self.marks: Final = [mark.encode(encoding) for mark in spelled.marks]
        self._spelled = spelled
        self._covers = [character.encode(encoding) for character in _BASE64_COVER]

    def spans(self, data: bytes) -> Iterator[_Span]:
        part = compiled(self._spelled.part.encode("latin-1"))
        for found in compiled(self._spelled.own.encode("latin-1")).finditer(data):
            place = self._spelled.place
            covered = bytearray(found[0])
            for one in part.finditer(found[0]):
                if one[1]:
                    covered[one.start() : one.end()] = self._covers[place % len(self._covers)]
                    place += 1
            yield _Span(found.start(), bytes(covered))


class Covered:
    """Reads bytes with the secrets in them covered.

    Args:
        source: the bytes to read.
        forms: the secrets to cover; None for no secrets.

    Attributes:
        changed: the bytes read so far contained a secret.
    """

    def __init__(self, source: Readable, forms: FileForms | None) -> None:
        self.changed = False
        self._source = source
        self._forms = forms
        self._ready = b""
        self._rest = b""
        self._ended = False

    def read(self, size: int = -1, /) -> bytes:
        """Return at most ``size`` bytes, none at the end."""
        if self._forms is None:
            return self._source.read(size)
        while not self._ready and not self._ended:
            self._fill(self._forms)
        size = len(self._ready) if size < 0 else size
        data, self._ready = self._ready[:size], self._ready[size:]
        return data

    def seek(self, offset: int, /) -> object:
        """Go back to the start, if the source can: ``offset`` is 0."""
        self._ready = self._rest = b""
        self._ended = False
        return cast("BinaryIO", self._source).seek(offset)

    def _fill(self, forms: FileForms) -> None:
        chunk = self._source.read(_CHUNK)
        self._ended = not chunk
        data = self._rest + chunk
        # A secret that begins after this offset may continue in bytes that were not read yet.
        whole = len(data) if self._ended else max(len(data) - forms.longest, 0)
        spans = [span for span in forms.spans(data) if span.start < whole]
        if spans:
            self.changed = True
            data = _with(data, spans)
        self._ready, self._rest = data[:whole], data[whole:]


def _with(data: bytes, spans: Iterable[_Span]) -> bytes:
    covered = bytearray(data)
    for start, cover in spans:
        covered[start : start + len(cover)] = cover
    return bytes(covered)


def _encoded(text: str, encoding: str) -> bytes:
    """Return the text's bytes, none where the encoding lacks one of its characters."""
    try:
        return text.encode(encoding, ODD_BYTES if encoding == "utf-8" else "strict")
    except UnicodeEncodeError:
        return b""


@lru_cache(maxsize=128)
def compiled(pattern: Any) -> re.Pattern[Any]:
    """Return a compiled pattern of any length; ``re`` itself keeps fewer of them."""
    return re.compile(pattern)
