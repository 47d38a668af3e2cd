"""Streams JSON reports: walks down to the list of tests and decodes one of them at a time.

Python's own decoder needs a whole document. Here it gets one value at a time, out of a window of the file
that grows only as far as that value: memory is that of the largest test, and bounded.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.json_window import document_at, value_end
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import Recorder, recorded
from onetest_ci.text.characters import encoding_of

LONGEST_VALUE: Final = 32 * 1024 * 1024
"""Characters of one decoded value, as one test, or one file of tests where the format nests."""

_CHUNK: Final = 128 * 1024
_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_NEXT_ITEM: Final = re.compile(r"[ \t\r\n]*+,[ \t\r\n]*+")
_NO_BRACKET: Final = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
"""What stands between the brackets of lists and objects."""

_SMALL: Final = 64 * 1024

_LEFT_OUT: Final = "\ufeff \t\r\n"
_NEAR: Final = 16
_DIGITS: Final = 300


def read_on(stream: ByteStream, size: int, reading: Reading) -> bytes:
    """Return the next bytes of a file.

    Raises:
        ReportError: they cannot be had.
    """
    try:
        return stream.read(size)
    except OSError as error:
        why = error.strerror or error
        raise ReportError("unreadable-file", f"{reading.path} cannot be read on: {why}.") from None
    except ReportError as error:
        raise ReportError(error.code, f"{reading.path}: {error.message}", error.hint) from None


class JsonStream:
    """A cursor in a JSON document.

    What ``members`` and ``items`` stop at is passed over unless it is read by ``value``, or walked into.

    Args:
        stream: the file, at its start.
        reading: collects warnings and notes.
    """

    def __init__(self, stream: ByteStream, reading: Reading) -> None:
        self._stream = stream
        self._reading = reading
        first = self._read(_CHUNK)
        self._decoder = codecs.getincrementaldecoder(encoding_of(first))(errors="replace")
        self._window = self._decode(first, ended=not first)
        self._ended = not first
        self._at = self._moves = self._passed = 0
        self._lines = 1
        self._go_to_document()
        self._json = json.JSONDecoder(parse_constant=lambda _: None, strict=False)

    def _go_to_document(self) -> None:
        """Leave out what was printed before, where the report goes to the same place as the tests' output."""
        start = self._reading.start or document_at(self._window)
        if not self._window[:start].strip(_LEFT_OUT) and start <= len(self._window):
            self._at = start
            return
        self._reading.warn("before", "there is text before the JSON document; it is left out")
        self._reading.look_for_report(self._before(start))

    def _before(self, start: int) -> Iterator[bytes]:
        """Move to a place in the file, and yield what is passed."""
        while self._passed + self._at < start:
            at = min(len(self._window), start - self._passed)
            yield self._window[self._at : at].encode()
            self._at = at
            if self._passed + at < start and not self._more():
                return

    # Walking

    def peek(self) -> str:
        """Return the first character of the next value. Empty at the end of the file."""
        while True:
            window = self._window
            space = _SPACE.match(window, self._at)
            at = self._at = space.end() if space is not None else self._at
            if at < len(window):
                return window[at]
            if not self._more():
                return ""

    def members(self, what: str = "the document") -> Iterator[str]:
        """Yield the keys of the next object. At each of them the cursor is at the key's value."""
        self._enter("{", what, "an object")
        going = not self._at_end("}")
        while going:
            key = self._key()
            before = self._moves
            yield key
            if self._moves == before:
                self.skip()
            going = self._goes_on("}")

    def items(self, what: str, *, unseparated: str = "") -> Iterator[None]:
        """Yield once for each item of the next list. At each of them the cursor is at the item.

        Args:
            what: the name of the list, for an error.
            unseparated: how an item begins before which the producer may leave out the comma. Empty for none.
        """
        self._enter("[", what, "a list")
        going = not self._at_end("]")
        while going:
            before = self._moves
            yield
            if self._moves == before:
                self.skip()
            going = self._goes_on("]", unseparated)

    def _enter(self, opening: str, what: str, kind: str) -> None:
        found = self.peek()
        if not found:
            raise self._cut_short()
        if found != opening:
            raise self.wrong(f"{what} is not {kind}")
        self._step()

    def _at_end(self, closing: str) -> bool:
        """Pass the end of an object or a list. False if it does not come next."""
        if self.peek() != closing:
            return False
        self._step()
        return True

    def _goes_on(self, closing: str, unseparated: str = "") -> bool:
        """Pass what follows a value: a comma, or the end of the object or list. Return False for the end."""
        if (comma := _NEXT_ITEM.match(self._window, self._at)) is not None:
            self._at = comma.end()
            return True
        if self._at_end(closing):
            return False
        found = self.peek()
        if found == ",":
            self._step()
            return True
        if found and found == unseparated:
            return True
        raise self._broken(f"there is {found!r} after a value") if found else self._cut_short()

    def _key(self) -> str:
        if (found := self.peek()) != '"':
            raise self._cut_short() if not found else self._broken("a key is missing")
        key = self.value()
        if self.peek() != ":":
            raise self._cut_short() if not self.peek() else self._broken("a colon is missing")
        self._step()
        return str(key)

    def _step(self) -> None:
        self._at += 1
        self._moves += 1

    # Values

    def value(self) -> Any:
        """Return the next value, decoded, and move the cursor behind it."""
        # Nearly always the value begins here, and not behind space or behind the window.
        if self._window[self._at : self._at + 1] <= " " and not self.peek():
            raise self._cut_short()
        self._moves += 1
        while True:
            try:
                value, end = self._json.raw_decode(self._window, self._at)
            except RecursionError:
                raise self.wrong("lists and objects are nested too deeply", code="too-deep") from None
            except json.JSONDecodeError as error:
                # A string that does not end, or a fault at the window's end, may be the window's fault.
                unfinished = error.msg.startswith("Unterminated") or error.pos >= len(self._window) - _NEAR
                if not unfinished:
                    self._at = error.pos
                    raise self._broken(error.msg) from None
                if not self._more():
                    raise self._cut_short() from None
                continue
            except ValueError:
                # A number of more digits than Python converts. It costs time to look at each number.
                self._json = tolerant_decoder()
                continue
            # A number may go on in the next piece.
            if end < len(self._window) or self._window[end - 1] in '"}]' or not self._more():
                self._at = end
                return value

    def short_object(self) -> dict[str, Any] | None:
        """Return the next object, decoded, if all of it has been read from the file. Else None, to walk it.

        That is several times as fast as to walk a short object, and does not widen the window for a long one.
        """
        if self.peek() != "{":
            return None
        try:
            value, end = self._json.raw_decode(self._window, self._at)
        except (RecursionError, ValueError):
            # Whoever walks the object reads what is complete, and has the error.
            return None
        self._at = end
        self._moves += 1
        return dict(value)

    def skip(self) -> None:
        """Pass over the next value."""
        # Part by part, so that a long list is never held whole.
        if self.peek() == "{":
            for _ in self.members():
                self.value()
        elif self.peek() == "[":
            for _ in self.items(""):
                self.value()
        else:
            self.value()

    def small_value(self) -> Any:
        """Return the next value, decoded, if it is small. Else None, and the cursor stays."""
        self.peek()
        end = value_end(self._window, self._at)
        return self.value() if end is not None and end - self._at <= _SMALL else None

    def pass_over(self) -> None:
        """Pass over the next value without decoding it, however large it is, and malformed inside."""
        if self.peek() not in {"{", "["}:
            self.value()
            return
        if (end := value_end(self._window, self._at)) is not None:
            self._at = end
            self._moves += 1
            return
        depth = 0
        while True:
            found = _NO_BRACKET.match(self._window, self._at)
            self._at = found.end() if found is not None else self._at
            bracket = self._window[self._at : self._at + 1]
            if bracket in {"", '"'}:
                # The window ends here, or in a string.
                if not self._more():
                    raise self._cut_short()
                continue
            self._step()
            depth += 1 if bracket in {"{", "["} else -1
            if not depth:
                return

    def end(self) -> None:
        """End the document. Warn of text after it."""
        if self.peek():
            self._reading.warn(
                "after", "there is something after the end of the JSON document; it is not read"
            )
            self._reading.look_for_report(self._rest())

    def _rest(self) -> Iterator[bytes]:
        """Yield what follows, to the end of the file."""
        yield self._window[self._at :].encode()
        self._at = len(self._window)
        while self._more():
            yield self._window.encode()
            self._at = len(self._window)

    def wrong(self, what: str, *, code: str = "unexpected-json") -> ReportError:
        """Return the error for well-formed JSON that does not follow the format."""
        return ReportError(
            code,
            f"{self._reading.path} does not follow its format: {what}, line {self._line()}.",
            "The tests before that place were read. See what wrote the file.",
        )

    # The window

    def _more(self) -> bool:
        """Widen the window, dropping what is behind the cursor; False at the file's end."""
        if self._ended:
            return False
        self._lines += self._window.count("\n", 0, self._at)
        self._passed += self._at
        self._window = self._window[self._at :]
        self._at = 0
        if len(self._window) > LONGEST_VALUE:
            raise ReportError(
                "oversized-json",
                f"{self._reading.path}: one value is over {LONGEST_VALUE >> 20} MiB, at line {self._lines}.",
                "Such a file is damaged or hostile; look at that line.",
            )
        # As much again each time, so that the work stays linear.
        data = self._read(max(_CHUNK, len(self._window)))
        self._ended = not data
        self._window += self._decode(data, ended=self._ended)
        return True

    def _read(self, size: int) -> bytes:
        return read_on(self._stream, size, self._reading)

    def _decode(self, data: bytes, *, ended: bool) -> str:
        text = self._decoder.decode(data, ended)
        if "\ufffd" in text:
            self._reading.warn(
                "encoding", "the file holds bytes that are not UTF-8; they are shown as \ufffd"
            )
        return text

    def _line(self) -> int:
        return self._lines + self._window.count("\n", 0, self._at)

    def _cut_short(self) -> ReportError:
        return ReportError(
            "broken-json",
            f"{self._reading.path} breaks off in the middle, at line {self._line()}.",
            "The tests before that place were read. A test runner that was killed leaves such a file.",
        )

    def _broken(self, what: str) -> ReportError:
        return ReportError(
            "broken-json",
            f"{self._reading.path} is broken JSON: {what}, line {self._line()}.",
            "The tests before that place were read. See what wrote the file.",
        )


def read_json(
    stream: ByteStream, reading: Reading, walk: Callable[[JsonStream, Recorder], Iterator[None]]
) -> Iterator[Records]:
    """Yield the records of a file. A broken file yields those before the fault and sets ``reading.error``.

    Args:
        stream: the file, at its start.
        reading: collects warnings and notes.
        walk: walks the document and records; yields now and then, so that records can be taken.
    """

    def record(recorder: Recorder) -> Iterator[None]:
        document = JsonStream(stream, reading)
        yield from walk(document, recorder)
        document.end()

    return recorded(reading, record)


def look_through(stream: ByteStream, reading: Reading, look: Callable[[JsonStream, Reading], None]) -> None:
    """Look through a file before it is read. The stream is at its start afterwards.

    An error ends this pass without a trace: reading the file comes to the same place, and yields the tests
    before it.

    Args:
        stream: the file, at its start.
        reading: of the file; warnings of this pass are not added to it.
        look: walks the document.
    """
    quiet = Reading(reading.path, start=reading.start)
    with suppress(ReportError):
        look(JsonStream(stream, quiet), quiet)
    stream.seek(0)


def tolerant_decoder() -> json.JSONDecoder:
    """Return a decoder that reads numbers of any length, and constants of JavaScript as missing values."""
    return json.JSONDecoder(parse_constant=lambda _: None, parse_int=_integer, strict=False)


def _integer(digits: str) -> int | float:
    """Return a number. One with more digits than Python converts is infinite: it is not a count or a time."""
    return int(digits) if len(digits) < _DIGITS else float("inf")
