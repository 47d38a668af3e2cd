"""Messages of Robot Framework, which may be HTML and may contain the earlier runs of a test.

Facts: merger.py of Robot Framework 3.1 to 7.5. ``rebot --merge`` writes all runs into the message of the
test, the last one first. When the last run was skipped, it is ignored: the test keeps its verdict, and a note
is put before its message.
"""

import html
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from onetest_ci.model import FAILED, PASSED, Attempt
from onetest_ci.reports.engine.elements import Element

_HTML: Final = "*HTML*"
_TAG: Final = re.compile(r"<[^<>]*>")
_RULE: Final = "<hr>"
_MARKS: Final = ("re-executed and results merged", "Re-executed test has been merged")
"""How the message of a merged test begins, since version 3.2 and before."""

_IGNORED: Final = "status and was ignored"
_ORIGINAL: Final = "Original message:"
_GAP: Final = r"(?:\s|<[^<>]*>)*+"
_RUN: Final = re.compile(
    rf"{_GAP}(?:New|Old) status:{_GAP}([A-Za-z]++){_GAP}(?:(?:New|Old) message:{_GAP}|$)"
)
_ATTEMPTS: Final = {"pass": PASSED, "fail": FAILED}
_LINKED: Final = re.compile(r"(?:src|href)\s*=\s*[\"']([^\"'#?]{1,1000})")
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)


class _Run(NamedTuple):
    status: str
    message: str


def last_and_earlier(message: str) -> tuple[str, tuple[Attempt, ...]]:
    """Return the message of a test's last run, and its earlier runs, oldest first."""
    if not message.startswith(_HTML) or not any(mark in message for mark in _MARKS):
        return plain(message), ()
    header, _, rest = message.partition(_RULE)
    if _IGNORED in header:
        original = rest.partition(_ORIGINAL)[2].strip()
        return last_and_earlier(_HTML + original) if original else ("", ())
    runs = list(_runs(rest))
    if not runs:
        return plain(message), ()
    last, *earlier = runs
    return last.message, tuple(
        Attempt(_ATTEMPTS[run.status], run.message) for run in reversed(earlier) if run.status in _ATTEMPTS
    )


def _runs(text: str) -> Iterator[_Run]:
    """Yield the runs in a message, the last one first."""
    for part in _parts(text):
        found = _RUN.match(part)
        if found is not None:
            message = plain(_HTML + part[found.end() :])
            # Before 3.2 the message of a merged run begins anew, and its runs follow.
            if not message.startswith(_MARKS[1]):
                yield _Run(found[1].strip().lower(), message)


def _parts(text: str) -> Iterator[str]:
    """Yield the parts between rules that begin with a status; a rule in a message belongs to it."""
    pieces: list[str] = []
    for piece in text.split(_RULE):
        if pieces and _RUN.match(piece):
            yield _RULE.join(pieces)
            pieces.clear()
        pieces.append(piece)
    yield _RULE.join(pieces)


def plain(text: str, *, is_html: bool = False) -> str:
    """Return a message as text, without the marks of HTML."""
    if is_html or text.startswith(_HTML):
        text = text.removeprefix(_HTML).replace("<br>", "\n").replace(_RULE, "\n")
        return html.unescape(_TAG.sub("", text)).strip()
    return text


def is_html(message: Element) -> bool:
    """Return whether a logged message is HTML."""
    return message.get("html") in {"true", "yes"}


def linked_files(message: Element) -> Iterator[str]:
    """Yield the local files that a logged message shows or links."""
    if is_html(message):
        for path in _LINKED.findall(message.text):
            if not _ELSEWHERE.match(path):
                yield html.unescape(path)
