"""Templates into pages. Jinja escapes every value; nothing is ever marked as safe."""

from functools import cache
from pathlib import Path
from typing import Any

from starlette.responses import HTMLResponse, Response

from onetest_ci.emulator import times

_FOLDER = Path(__file__).parent / "templates"
STYLE = _FOLDER / "style.css"

# No script, no frame, nothing from elsewhere: what a report says can at most be read.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'",
    # Not no-referrer: with it browsers name no origin when they send a form.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}

_SECOND = 1_000_000
_AGES = ((7 * 86_400, "w"), (86_400, "d"), (3600, "h"), (60, "min"))
_MINUTE = 60
_HOUR = 3600
# A text that is longer is cut in a page; the API has it whole.
_TEXT = 20_000
_KIB = 1024


def page(template: str, status: int = 200, **shown: Any) -> Response:
    """A page from a template."""
    return HTMLResponse(_environment().get_template(template).render(shown), status, HEADERS)


@cache
def _environment() -> Any:
    # Imported when the first page is asked for: reporters never do.
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
    """How long ago."""
    seconds = max(now - then, 0) // _SECOND
    for length, unit in _AGES:
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return "just now"


def _duration(microseconds: int) -> str:
    seconds = microseconds / _SECOND
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
    return text if len(text) <= _TEXT else f"{text[:_TEXT]}\n… {len(text) - _TEXT} more characters"
