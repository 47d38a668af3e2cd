"""The texts of a failure or a skip in pytest's reports.

Facts: ``_report_to_json`` of ``_pytest/reports.py`` and ``_pytest/_code/code.py`` of pytest 9.2.
``longrepr`` is

- an object for an exception: ``chain`` holds the tracebacks from the first cause on, each with the sentence
  that leads to the next one, and ``reprcrash`` the message and the place of the last;
- a list of file, line and reason for a skip;
- a text for all else, as a file that cannot be imported, a fixture that is missing, a worker of pytest-xdist
  that crashed. Lines of the error in it begin with ``E``.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.text.characters import replace_lone_surrogates

_BETWEEN: Final = "\n" + "_ " * 40
_MOST_CAUSES: Final = 100
_MOST_LINES: Final = 10_000


class Failure(NamedTuple):
    """The short and the long text."""

    message: str = ""
    details: str = ""


def failure_of(longrepr: Any, reading: Reading) -> Failure:
    """Return the texts of a ``longrepr`` of any form."""
    if isinstance(longrepr, dict):
        return _of_exception(Fields(longrepr, reading))
    if isinstance(longrepr, list):
        return _of_skip(Fields({"longrepr": longrepr}, reading).values("longrepr"))
    text = Fields({"longrepr": longrepr}, reading).text("longrepr")
    return Failure(message_in(text), text)


def _of_skip(parts: list[Any]) -> Failure:
    *place, reason = [
        replace_lone_surrogates(str(part)) for part in parts[:3] if isinstance(part, (str, int))
    ] or [""]
    return Failure(reason.removeprefix("Skipped: "), ":".join([*place, f" {reason}"]) if place else reason)


def _of_exception(longrepr: Fields) -> Failure:
    parts = list(_parts(longrepr))
    return Failure(longrepr.object("reprcrash").text("message"), "\n".join(parts))


def _parts(longrepr: Fields) -> Iterator[str]:
    """Yield the tracebacks from the first cause on, and the captured texts behind them."""
    chain = longrepr.values("chain")[:_MOST_CAUSES] or [[longrepr.value("reprtraceback")]]
    for link in chain:
        cause = link if isinstance(link, list) else []
        traceback, sentence = [*cause, None][0], cause[2] if len(cause) > 2 else None  # noqa: PLR2004 - the third is the sentence
        if isinstance(traceback, dict):
            yield _traceback(Fields(traceback, longrepr.reading))
        if isinstance(sentence, str):
            yield f"\n{replace_lone_surrogates(sentence)}\n"
    for section in longrepr.pairs("sections"):
        yield "\n".join(section)


def _traceback(traceback: Fields) -> str:
    entries = [_entry(entry) for entry in traceback.objects("reprentries")]
    more = traceback.text("extraline")
    return f"{_BETWEEN}\n".join(entries) + (f"\n{more}" if more else "")


def _entry(entry: Fields) -> str:
    """Return a function's source or call, and its place."""
    data = entry.object("data")
    lines = data.texts("lines")[:_MOST_LINES]
    if entry.text("type") == "ReprEntryNative":
        return "".join(lines).rstrip("\n")
    place = data.object("reprfileloc")
    shown = f"{place.text('path')}:{place.text('lineno')}: {place.text('message')}" if place else ""
    if data.text("style") == "short":
        return "\n".join([shown, *lines])
    return "\n".join([*lines, *data.object("reprlocals").texts("lines"), "", shown])


def message_in(text: str) -> str:
    """Return the line of the error: the first of those that are indented least behind ``E``."""
    errors = [line[1:] for line in text.split("\n")[:_MOST_LINES] if line.startswith("E ")]
    if errors:
        return min(
            errors, key=lambda line: len(line) - len(line.lstrip()) if line.strip() else len(text)
        ).strip()
    return next((line.strip() for line in text.split("\n") if line.strip()), "")
