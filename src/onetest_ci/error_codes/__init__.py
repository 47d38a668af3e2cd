"""Every code that ``onetest-ci`` prints: what happened, why, and what to do. One TOML file for each area.

``onetest-ci help CODE`` and the reference in ``docs/`` show these texts. The message and the hint of an error
are about the one case; these are about all cases of the code. Import late: few runs need them.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, NamedTuple

_AREAS: Final = (
    "command",
    "reports",
    "results",
    "bundle",
    "connection",
    "onetest",
    "cases",
    "api",
    "comments",
    "emulator",
    "init",
    "doctor",
)


class Area(NamedTuple):
    """A group of codes.

    Attributes:
        key: one word.
        title: for people.
        note: what holds for all of its codes. Empty without anything.
    """

    key: str
    title: str
    note: str


class ErrorCode(NamedTuple):
    """A code and its meaning. The texts are sentences of Markdown without other markup than backticks.

    Attributes:
        code: as errors, findings and JSON documents hold it.
        title: a clause without a full stop.
        what: what happened.
        why: the usual causes. Empty for a finding of ``doctor`` that is not about a problem.
        what_to_do: what a person does about it. Empty likewise.
        exit_codes: those of a command that this error ends. Empty if it ends none.
        area: the group.
    """

    code: str
    title: str
    what: str
    why: str
    what_to_do: str
    exit_codes: tuple[int, ...]
    area: Area


def _load() -> dict[str, ErrorCode]:
    found: dict[str, ErrorCode] = {}
    for key in _AREAS:
        text = files(__name__).joinpath(f"{key}.toml").read_text(encoding="utf-8")
        entries: dict[str, Any] = tomllib.loads(text)
        about = entries.pop("area")
        area = Area(key, about["title"], about.get("note", ""))
        for code, entry in entries.items():
            found[code] = ErrorCode(
                code,
                entry["title"],
                entry["what"],
                entry.get("why", ""),
                entry.get("do", ""),
                tuple(entry.get("exit", about["exit"])),
                area,
            )
    return found


ERROR_CODES: Final[Mapping[str, ErrorCode]] = MappingProxyType(_load())
"""Every code, by area, in the order in which people are shown them."""
