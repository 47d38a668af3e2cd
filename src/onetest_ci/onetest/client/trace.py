"""What --debug shows of a request and its answer besides their first line."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.onetest.client.responses import redacted_body
from onetest_ci.onetest.client.transport import Call, Exchange
from onetest_ci.onetest.limits import one_line
from onetest_ci.redaction import Redactor

_SHOWN: Final = 2000
"""Characters of a body."""
_JSON: Final = "application/json"


def exchanged(call: Call, outcome: Exchange, redact: Redactor) -> Iterator[str]:
    """Lines that show what was sent and what came back.

    Of the request its JSON, and of files their names and kinds; of the answer what the client looks at. The
    key's header is never part of it.

    Args:
        call: what was sent.
        outcome: what came back.
        redact: removes secrets; before anything is cut, since a part of a secret could not be recognised.
    """
    for text in _sent(call):
        yield f"  > {_shown(text, redact)}"
    answer = outcome.answer
    headers = [
        f"{name}: {value}"
        for name, value in (
            ("Content-Type", answer.content_type),
            ("Retry-After", answer.retry_after),
            ("Location", outcome.location),
        )
        if value
    ]
    for text in (", ".join(headers), answer.text):
        if text:
            yield f"  < {_shown(text, redact)}"


def _sent(call: Call) -> Iterator[str]:
    if isinstance(call.content, bytes) and ("Content-Type", _JSON) in call.headers:
        yield call.content.decode("utf-8", "replace")
    for part in call.parts:
        if part.content_type == _JSON and isinstance(part.content, bytes):
            yield part.content.decode("utf-8", "replace")
        else:
            yield f"{part.name}: {part.filename or 'no file name'} ({part.content_type})"


def _shown(text: str, redact: Redactor) -> str:
    line = one_line(redacted_body(text, redact))
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
