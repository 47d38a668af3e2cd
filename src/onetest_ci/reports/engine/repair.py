"""Reads an XML file that is not quite XML as its users mean it.

jest-junit and node:test write the control characters of a message as they are, some tools a ``]]>``, many
declare an encoding that they do not use, and what else was printed may stand before the document. A file
comes here only after the strict parser has refused it, so the repair costs good files nothing.
"""

import codecs
import re
import sys
from collections.abc import Callable, Iterator

from onetest_ci.reports.engine.reading import ByteStream
from onetest_ci.text.characters import BYTE_ORDER_MARKS, NOT_XML

_HEAD_SIZE = 65_536
_LONGEST_JUNK = 32 * 1024 * 1024
_LONGEST_TAG = 256
_DECLARATION = re.compile(rb"<\?xml\s")
# Root elements that no other documents have, and those that their attributes distinguish. Most reports
# begin with the declaration.
_ROOTS = (
    rb"testsuites?|TestRun|TestLog|TestResult|assemblies|test-run|test-results|testng-results|unittest-results"
    rb"|Catch2TestRun|CUNIT_TEST_RUN_REPORT|testExecutions"
)
_ROOTS_BY_ATTRIBUTES = b"|".join(
    rb"%b\s[^<>]{0,200}\b%b=" % pair
    for pair in (
        (b"test-suite", b"testcasecount"),
        (b"unitTest", b"version"),
        (b"assembly", b"(?:run-date|test-framework)"),
        (b"robot", b"generator"),
        (b"doctest", b"binary"),
    )
)
DOCUMENT = re.compile(rb"<\?xml\s|<(?:[\w.-]+:)?(?:(?:%b)[\s/>]|%b)" % (_ROOTS, _ROOTS_BY_ATTRIBUTES))
"""What a document begins with."""

_WIDE_MARKS = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE
_SPACE_AND_MARKS = b" \t\r\n\xef\xbb\xbf"
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
# Java's names that Python does not know.
_ALIASES = {"windows-31j": "cp932", "x-sjis": "shift_jis", "x-euc-jp": "euc_jp", "x-windows-949": "cp949"}
# Few documents need a repair, so the patterns for it are compiled on first use.
_MULTI_BYTE = (
    r"big5(?:hkscs)?|cp9(?:32|49|50)|euc_(?:jis_2004|jp|kr)|gb(?:18030|2312|k)|iso2022_jp|johab"
    r"|shift_jis(?:_2004)?"
)
_SINGLE_BYTE = r"(?:cp\d+|hp-roman8|iso8859-\d+|koi8-[rtu]|kz1048|mac-\w+|ptcp154|tis-620)"
_FORBIDDEN = f"[{NOT_XML}]"
_ESCAPED_BYTE = "[\udc80-\udcff]"
_REFERENCE = r"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,10}));"
_SECTION = r"<!\[CDATA\[|\]\]>"
_PARTIAL = re.compile(r"(?:&[#xX0-9A-Fa-f]{0,12}|\]{1,2}|<(?:!(?:\[C?D?A?T?A?)?)?)$")
_C0_PICTURES = 0x2400
_SPACE = 0x20


def _as_cp1252(match: re.Match[str]) -> str:
    """Return a byte that is not UTF-8 (as ``surrogateescape`` holds it) as Windows-1252, the usual cause."""
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace")


def _visible(match: re.Match[str]) -> str:
    """Return the picture of a control character, as U+241B for escape, else the replacement character."""
    code = ord(match[0])
    return chr(_C0_PICTURES + code) if code < _SPACE else "\ufffd"


def _reference(match: re.Match[str]) -> str:
    """Return a character reference, or a visible form of a character that XML does not allow."""
    code = int(match[1], 16) if match[1] else int(match[2])
    if code > sys.maxunicode:
        return "\ufffd"
    forbidden = re.match(_FORBIDDEN, chr(code))
    return _visible(forbidden) if forbidden else match[0]


def _pass_over(pieces: Iterator[bytes]) -> None:
    for _ in pieces:
        pass


class _Junk:
    """What stands before a document, in pieces.

    Args:
        head: the start of the file.
        stream: what follows it.
        is_markup: it begins as markup, which is taken for the document unless an XML declaration follows.

    Attributes:
        found: whether a document begins.
        rest: where it begins, and what of the file has been read after that. Known once the pieces have been
            passed over.
    """

    def __init__(self, head: bytes, stream: ByteStream, *, is_markup: bool) -> None:
        self.found = False
        self.rest = head
        self._stream = stream
        self._sign = _DECLARATION if is_markup else DOCUMENT
        self._longest = 0 if is_markup else _LONGEST_JUNK

    def __iter__(self) -> Iterator[bytes]:
        """Yield the pieces, once."""
        passed = len(self.rest)
        while (found := self._sign.search(self.rest)) is None and passed < self._longest:
            if not (more := self._stream.read(_HEAD_SIZE)):
                break
            passed += len(more)
            yield self.rest[:-_LONGEST_TAG]
            # A tag may begin in one piece and go on in the next.
            self.rest = self.rest[-_LONGEST_TAG:] + more
        if found is not None:
            self.found = True
            yield self.rest[: found.start()]
            self.rest = self.rest[found.start() :]


class RepairedStream:
    """A file as UTF-8 without forbidden characters and without anything before the document.

    Args:
        stream: the file, at its start.
        junk: other text may stand before the document; False when a part of it was understood as it is.

    Attributes:
        notes: kind and text of each kind of repair that was made.
    """

    def __init__(
        self,
        stream: ByteStream,
        *,
        junk: bool = True,
        look: Callable[[Iterator[bytes]], None] = _pass_over,
    ) -> None:
        self.notes: dict[str, str] = {}
        self._stream = stream
        self._carry = ""
        self._in_section = False
        self._ended = False
        head = stream.read(_HEAD_SIZE)
        if junk:
            head = self._without_junk(head, look)
        encoding = self._encoding_of(head)
        self._utf8 = encoding == "utf-8"
        errors = "surrogateescape" if self._utf8 else "replace"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors=errors)
        self._first = self._decode(head).lstrip("\ufeff \t\r\n")

    def _without_junk(self, head: bytes, look: Callable[[Iterator[bytes]], None]) -> bytes:
        start = head.lstrip(_SPACE_AND_MARKS)
        if start.startswith((b"<!", b"<?")) or b"\0" in head[:4] or head.startswith(_WIDE_MARKS):
            return head
        junk = _Junk(head, self._stream, is_markup=start.startswith(b"<"))
        look(iter(junk))
        if junk.found:
            self.notes["junk"] = "text before the document was left out"
        return junk.rest

    def _encoding_of(self, head: bytes) -> str:
        for mark, name in BYTE_ORDER_MARKS:
            if head.startswith(mark):
                return name.removesuffix("-sig")
        if head[:4:2] == b"<?" and head[1:4:2] == b"\0\0":
            return "utf-16-le"
        if head[1:4:2] == b"<?" and head[:4:2] == b"\0\0":
            return "utf-16-be"
        match = _DECLARED.match(head)
        declared = match[1].decode("ascii").lower() if match else "utf-8"
        try:
            name = codecs.lookup(_ALIASES.get(declared, declared)).name
        except LookupError:
            name = ""
        if name in {"utf-8", "ascii"}:
            return "utf-8"
        if re.fullmatch(_MULTI_BYTE, name) or re.fullmatch(_SINGLE_BYTE, name):
            return name
        self.notes["encoding"] = (
            f"the file declares the encoding {declared}, which it is not in; read as UTF-8"
        )
        return "utf-8"

    def _decode(self, data: bytes) -> str:
        text = self._decoder.decode(data, final=self._ended)
        if self._utf8:
            text, wrong = re.subn(_ESCAPED_BYTE, _as_cp1252, text)
            if wrong:
                self.notes["encoding"] = (
                    "the file holds bytes that are not UTF-8; they are read as Windows-1252"
                )
        elif "\ufffd" in text:
            self.notes["encoding"] = "the file holds bytes that are not of the encoding it declares"
        return text

    def read(self, size: int = -1, /) -> bytes:
        """About ``size`` bytes of the file, repaired; empty at its end."""
        while not self._ended:
            more, ended = self._next(size)
            text = self._carry + more
            self._carry = ""
            if not ended and (partial := _PARTIAL.search(text, max(0, len(text) - 16))):
                # A reference or mark may go on in the next piece.
                self._carry = text[partial.start() :]
                text = text[: partial.start()]
            if text:
                return self._clean(text).encode()
        return b""

    def _next(self, size: int) -> tuple[str, bool]:
        if self._first:
            text, self._first = self._first, ""
        else:
            data = self._stream.read(size)
            self._ended = not data
            text = self._decode(data)
        return text, self._ended

    def _clean(self, text: str) -> str:
        cleaned, count = re.subn(_FORBIDDEN, _visible, text)
        if "&#" in cleaned:
            referenced = re.sub(_REFERENCE, _reference, cleaned)
            count += referenced != cleaned
            cleaned = referenced
        if count:
            self.notes["characters"] = (
                "the file holds characters that XML does not allow; they are shown as symbols"
            )
        return self._escaped(cleaned)

    def _escaped(self, text: str) -> str:
        """Replace each ``]]>`` outside CDATA by a reference, which means the same in tags and comments."""
        parts: list[str] = []
        at = 0
        for mark in re.finditer(_SECTION, text):
            if mark[0] != "]]>":
                self._in_section = True
            elif self._in_section:
                self._in_section = False
            else:
                parts += text[at : mark.start()], "]]&gt;"
                at = mark.end()
                self.notes["section"] = "the file holds ]]> where no CDATA section ends; it is kept as text"
        return "".join([*parts, text[at:]]) if parts else text
