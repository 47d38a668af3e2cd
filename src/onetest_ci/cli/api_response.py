"""Print a response of ``onetest-ci api``. Its texts may come from anybody, and it may echo a key."""

import io
import json
import math
import os
import re
import stat
import sys
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final, NoReturn

from onetest_ci.ci.context import CIContext
from onetest_ci.cli.output import LONGEST, echo, echo_bytes, echo_json, is_terminal
from onetest_ci.errors import NotOneTest, UsageProblem
from onetest_ci.onetest.client.responses import RawResponse
from onetest_ci.redaction import MASK, Redactor

_TEXT_CONTROLS: Final = frozenset(map(chr, (*range(9), 11, *range(14, 27), *range(28, 32), 127)))
"""Control characters that text does not contain, unlike tabs, line ends, form feeds and escapes."""

_CHUNK: Final = 1024 * 1024
_ESCAPE: Final = re.compile(rb"\\(?:u00([2-7][0-9A-Fa-f])|.)", re.DOTALL)
"""An escape in JSON, of a visible ASCII character in its group."""


class Printer:
    """Prints responses to standard output.

    Args:
        format_name: ``json``, ``raw``, or empty: JSON where the response is JSON, else raw.
        redact: removes the run's secrets.
        context: what CI provides.
    """

    def __init__(self, format_name: str, redact: Redactor, context: CIContext) -> None:
        self._format = format_name
        self._redact = redact
        self._shows = _is_shown(context, is_raw=format_name == "raw")

    def head(self, response: RawResponse) -> None:
        """Print the status and the headers, then an empty line."""
        for line in _head(response):
            echo(self._redact.text(line))
        echo("")

    def body(self, response: RawResponse) -> None:
        """Print the body.

        Raises:
            NotOneTest: ``bad-json``, it is not JSON, although ``--format json`` is set.
            UsageProblem: ``binary-output``.
        """
        if not response.body:
            return
        if self._format == "json":
            self.value(self.parsed(response))
        elif self._format == "raw":
            self._raw(response)
        else:
            try:
                value = _value(response.body)
            except ValueError:
                self._raw(response)
            else:
                self.value(value)

    def parsed(self, response: RawResponse) -> Any:
        """Return the value of a JSON body.

        Raises:
            NotOneTest: ``bad-json``, it is not JSON.
        """
        try:
            return _value(response.body)
        except ValueError:
            raise NotOneTest(
                "bad-json",
                f"the response is not JSON ({response.content_type or 'no media type'})",
                "Use --format raw to get it unchanged.",
                status=response.status,
            ) from None

    def value(self, value: Any) -> None:
        """Print a value as JSON, without secrets."""
        echo_json(json.dumps(self._redact.values(value), ensure_ascii=False, indent=2) + "\n")

    def _raw(self, response: RawResponse) -> None:
        content = self._covered(response.body)
        if not self._shows:
            echo_bytes(content)
            return
        text = _text(content)
        if text is None:
            raise UsageProblem(
                "binary-output",
                f"The response is binary ({response.content_type or 'no media type'}, "
                f"{len(response.body):,} bytes), and it would go to a terminal or a log.",
                "Write it to a file: --format raw > FILE",
            )
        for line in text.removesuffix("\n").split("\n"):
            for start in range(0, len(line) or 1, LONGEST):
                echo(line[start : start + LONGEST])

    def _covered(self, content: bytes) -> bytes:
        """Return a body with its secrets covered. What escapes a letter of one is written without escapes."""
        try:
            value = json.loads(content)
            clean = self._redact.values(value)
        except (ValueError, RecursionError):
            value = clean = None
        covered = self._read(content if clean == value else json.dumps(clean).encode())[0]
        # Other text may have such escapes too: JSON lines, or JSON that has a member twice.
        plain, changed = self._read(_without_escapes(covered))
        return plain if changed else covered

    def _read(self, content: bytes) -> tuple[bytes, bool]:
        """Return bytes with the secrets in them covered, and whether there are any."""
        covered = self._redact.covered(io.BytesIO(content))
        return b"".join(iter(lambda: covered.read(_CHUNK), b"")), covered.changed


def _without_escapes(content: bytes) -> bytes:
    """Return JSON of the same meaning without escapes of visible ASCII characters that need none."""

    def written(escape: re.Match[bytes]) -> bytes:
        if escape[0] == rb"\/":
            return b"/"
        character = chr(int(escape[1], 16)) if escape[1] else ""
        return escape[0] if character in {"", '"', "\\", "\x7f"} else character.encode()

    return _ESCAPE.sub(written, content)


def _value(content: bytes) -> Any:
    """Return the value of JSON.

    Raises:
        ValueError: it is not JSON, or holds a number that JSON cannot hold again.
    """
    try:
        return json.loads(content, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _text(content: bytes) -> str | None:
    """Return the text of a body; None if it is binary."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if _TEXT_CONTROLS.intersection(text) else text


def _head(response: RawResponse) -> Iterator[str]:
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    yield f"HTTP/1.1 {response.status} {phrase}".rstrip()
    for name, value in response.headers:
        shown = MASK if name.lower() in {b"set-cookie", b"authorization"} else value.decode("latin-1")
        yield f"{name.decode('latin-1')}: {shown}"


def _is_shown(context: CIContext, *, is_raw: bool) -> bool:
    """Return whether people or a CI host read standard output, which must then contain no commands.

    The log of a CI host is a pipe, as a program's input is. So a pipe gets raw output there only by
    ``--format raw``.
    """
    if is_terminal(sys.stdout):
        return True
    return bool(context.host) and not is_raw and not _is_file()


def _is_file() -> bool:
    """Return whether standard output is a file on disk."""
    try:
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError, AttributeError):
        return False
