"""Every error code, from the catalogue."""

from collections.abc import Iterator
from itertools import groupby

from onetest_ci.error_codes import ERROR_CODES, ErrorCode


def error_codes() -> Iterator[str]:
    """Yield a section for each code, by area."""
    for area, entries in groupby(ERROR_CODES.values(), key=lambda entry: entry.area):
        yield from ("", f"## {area.title}", "")
        if area.note:
            yield from (area.note, "")
        for entry in entries:
            yield from _entry(entry)
    yield ""


def _entry(entry: ErrorCode) -> Iterator[str]:
    yield from (f"### {entry.code}", "", f"**{entry.title}.** {entry.what}", "")
    if entry.why:
        yield from (f"*Why*: {entry.why}", "")
    if entry.what_to_do:
        yield from (f"*What to do*: {entry.what_to_do}", "")
    if entry.exit_codes:
        codes = ", ".join(str(int(code)) for code in entry.exit_codes)
        yield from (f"*Exit code*: [{codes}](exit-codes.md).", "")
