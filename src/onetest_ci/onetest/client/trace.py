"""The lines that --debug prints of each request and its response."""

from collections.abc import Callable, Iterator
from typing import Final

from onetest_ci.limits import one_line
from onetest_ci.onetest.client.responses import redacted_body
from onetest_ci.onetest.client.transport import Call, Exchange
from onetest_ci.redaction import Redactor

_MAX_CHARACTERS: Final = 2000
"""Of one body."""
_JSON: Final = "application/json"


class Trace:
    """Writes one line for each request, and the bodies below it.

    The key's header is never written. Secrets are removed before a text is truncated, since a part of a
    secret cannot be recognised.

    Args:
        write: prints a line.
        redact: removes secrets.
    """

    def __init__(self, write: Callable[[str], None], redact: Redactor) -> None:
        self._write = write
        self._redact = redact

    def failed(self, call: Call, target: str, error_code: str, milliseconds: float) -> None:
        """Write that a request got no response, with the error's code."""
        self._first_line(call, target, error_code, milliseconds)

    def exchanged(self, exchange: Exchange, target: str, milliseconds: float) -> None:
        """Write a request and its response: JSON, names of files, and the headers that the client reads."""
        response = exchange.response
        result = f"{response.status}, {len(response.body)} bytes"
        self._first_line(exchange.call, target, result, milliseconds)
        for text in _sent(exchange.call):
            self._body("  > ", text)
        headers = (
            ("Content-Type", response.content_type),
            ("Retry-After", response.retry_after),
            ("Location", response.location),
        )
        for text in (", ".join(f"{name}: {value}" for name, value in headers if value), response.text):
            if text:
                self._body("  < ", text)

    def _first_line(self, call: Call, target: str, result: str, milliseconds: float) -> None:
        shown = self._redact.text(target)
        self._write(f"{call.method} {shown} ({_kind_of_body(call)}): {result}, {milliseconds:.0f} ms")

    def _body(self, mark: str, text: str) -> None:
        line = one_line(redacted_body(text, self._redact))
        self._write(mark + (line if len(line) <= _MAX_CHARACTERS else f"{line[: _MAX_CHARACTERS - 1]}…"))


def _kind_of_body(call: Call) -> str:
    if call.parts:
        return f"form of {len(call.parts)} parts"
    if isinstance(call.content, bytes):
        return f"{len(call.content)} bytes"
    return "file" if call.content else "no body"


def _sent(call: Call) -> Iterator[str]:
    if isinstance(call.content, bytes) and ("Content-Type", _JSON) in call.headers:
        yield call.content.decode("utf-8", "replace")
    for part in call.parts:
        if part.content_type == _JSON and isinstance(part.content, bytes):
            yield part.content.decode("utf-8", "replace")
        else:
            yield f"{part.name}: {part.filename or 'no file name'} ({part.content_type})"
