"""Render the templates of the pages. Jinja escapes every value; nothing is marked as safe."""

from functools import cache
from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse, Response

from onetest_ci.emulator import times

_FOLDER = Path(__file__).parent / "templates"
STYLE = _FOLDER / "style.css"

# No script, no frame, nothing from another host: a text from a report can only be read.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    # Not no-referrer: with it, browsers send a form without its origin.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}

_AGES = ((7 * 86_400, "w"), (86_400, "d"), (3600, "h"), (60, "min"))
_MINUTE = 60
_HOUR = 3600
# Maximum characters of a text in a page. The API returns the whole text.
_MAX_TEXT = 20_000
_KIB = 1024


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page, rendered from a template."""
    return HTMLResponse(_environment().get_template(template).render(values), status, HEADERS)


@cache
def _environment() -> Any:
    # Imported for the first page only: reporters request none.
    import jinja2  # noqa: PLC0415

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"age": _age, "duration": _duration, "iso": times.iso, "size": _size, "cut": _cut}
    return environment


def _age(then: int, now: int) -> str:
    """Return how long ago a time was."""
    seconds = max(now - then, 0) // times.SECOND
    for length, unit in _AGES:
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return "just now"


def _duration(microseconds: int) -> str:
    seconds = microseconds / times.SECOND
    if seconds < 1:
        return f"{round(seconds * 1000)} ms"
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"


def _size(count: int) -> str:
    return f"{count} B" if count < _KIB else f"{count / _KIB:.1f} KiB"


def _cut(text: str) -> str:
    return (
        text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]}\n… {len(text) - _MAX_TEXT} more characters"
    )
