"""Each setting with its value and its source."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from onetest_ci.doctor.finding import Area, Finding, ok, warning
from onetest_ci.doctor.keys import described
from onetest_ci.redaction import Redactor, Secret, mask_likely_secrets
from onetest_ci.settings import Settings, options

DEFAULT = "default"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class SettingRow(NamedTuple):
    """A setting as people see it.

    Attributes:
        name: of the option.
        value: in words; empty if it has none.
        source: where the value comes from.
    """

    name: str
    value: str
    source: str


def setting_rows(settings: Settings, command: str, host: str, redact: Redactor) -> tuple[SettingRow, ...]:
    """Return all settings of a command, in the order of its help.

    Args:
        settings: of the command.
        command: its name.
        host: name of the CI host; empty outside CI.
        redact: removes the run's secrets, before a long value is cut.
    """
    sources = {name: _source(source, host) for name, source in settings.sources}
    return tuple(
        SettingRow(
            name, _shown(name, getattr(settings, name.replace("-", "_")), redact), sources.get(name, DEFAULT)
        )
        for name in options(command)
    )


def configuration(rows: Sequence[SettingRow], settings: Settings) -> Iterator[Finding]:
    """Yield one finding for each setting that a source holds, one for all defaults, and the warnings."""
    for row in rows:
        if row.source != DEFAULT:
            yield ok(Area.SETTINGS, "setting", f"{row.name} is {row.value}, from {row.source}.")
    defaults = [f"{row.name} {row.value}".strip() for row in rows if row.source == DEFAULT and row.value]
    yield ok(Area.SETTINGS, "defaults", f"By default: {', '.join(defaults)}.")
    for text in settings.warnings:
        yield warning(Area.SETTINGS, "ignored-value", text, "Correct it, or remove it.")
    url = urlsplit(settings.base_url)
    if url.scheme == "http" and url.hostname not in _LOCAL:
        yield warning(
            Area.SETTINGS,
            "no-tls",
            f"The base URL {settings.base_url} has no TLS, so others on the way can read the key.",
            "Use https://.",
        )


def _source(source: str, host: str) -> str:
    """Return a source's name for people. Defaults of CI are those of the checkout outside CI."""
    return (host or "the checkout") if source == "CI" else source


def _shown(name: str, value: Any, redact: Redactor) -> str:
    if isinstance(value, Secret):
        # Only keys of OneTest have families.
        return "a secret" if name.endswith("-token") else described(value)
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        value = ", ".join("=".join(one) if isinstance(one, tuple) else str(one) for one in value)
    return mask_likely_secrets(redact.text(str(value)))
