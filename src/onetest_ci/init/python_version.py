"""Choose the version of Python for the tests of a project."""

import re
from typing import Any, Final, NamedTuple

from onetest_ci.init.project import Folder
from onetest_ci.init.toml import read_toml, table

_KNOWN: Final = ("3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8")
_NUMBER: Final = r"\d{1,4}(?:\.\d{1,4}){0,2}"
_CLAUSE: Final = rf"(===?|!=|~=|>=|<=|>|<|\^|~)? ?v?({_NUMBER})(\.\*)?(?![\w.])"
_NAMED: Final = rf"(?:cpython[@-])?({_NUMBER})"
_NEWEST_PATCH: Final = 10_000

Version = tuple[int, ...]


class _Clause(NamedTuple):
    """A limit of versions.

    Attributes:
        operator: as PEP 440 has it, or ``^`` or ``~`` of Poetry.
        version: that it compares with.
        wild: whether the version ends with ``.*``.
    """

    operator: str
    version: Version
    wild: bool

    def allows(self, version: Version) -> bool:
        """Return whether it allows a version of three numbers."""
        limit, operator = self.version, self.operator
        is_below = version < limit
        same = version[: len(limit)] == limit
        if operator == "~=":
            return not is_below and version < _next(limit[:-1] or limit)
        if operator == "~":
            return not is_below and version < _next(limit[:2])
        if operator == "^":
            return not is_below and version < _next(limit[:1])
        return {
            ">=": not is_below,
            ">": version > _padded(limit),
            "<": version < _padded(limit),
            "<=": version <= _padded(limit),
            # The version that has no patch is its first one only.
            "!=": not same or not (self.wild or len(limit) == len(version)),
        }.get(operator, same)


def python_version(folder: Folder, project: dict[str, Any]) -> str:
    """Return the version for a project: that of ``.python-version``, else the newest that the project allows.

    Args:
        folder: of the project.
        project: its ``pyproject.toml``.
    """
    named = re.fullmatch(_NAMED, _first_line(folder.text(".python-version")))
    if named and "." in named[1]:
        return named[1]
    return newest_allowed(_allowed(folder, project))


def newest_allowed(allowed: str) -> str:
    """Return the newest version that a text allows: that of ``requires-python``, or Poetry's ``python``."""
    ways = [_clauses(way) for way in re.split(r"\|\|?", allowed)]
    exact = [
        clause.version
        for clauses in ways
        for clause in clauses
        if clause.operator in {"", "==", "==="} and not clause.wild and len(clause.version) == len((0, 0, 0))
    ]
    known = [(*map(int, name.split(".")), _NEWEST_PATCH) for name in _KNOWN]
    for version in (*known, *exact):
        if any(all(clause.allows(version) for clause in clauses) for clauses in ways):
            return ".".join(map(str, version if version in exact else version[:2]))
    # It may be newer than those that are known.
    lowest = [
        clause.version[:2] for clauses in ways for clause in clauses if clause.operator in {">=", "^", "~="}
    ]
    newer = [version for version in lowest if version > known[0][:2]]
    return ".".join(map(str, newer[0])) if newer else _KNOWN[0]


def _clauses(text: str) -> list[_Clause]:
    return [
        _Clause(operator, tuple(map(int, number.split("."))), bool(wild))
        for operator, number, wild in re.findall(_CLAUSE, text[:1000])
    ]


def _allowed(folder: Folder, project: dict[str, Any]) -> str:
    """Return the text by which a project limits the versions; empty if it does not."""
    found = table(project, "project").get("requires-python") or table(
        project, "tool", "poetry", "dependencies"
    ).get("python")
    if isinstance(found, dict):
        found = found.get("version")
    if isinstance(found, str):
        return found
    for name in ("setup.cfg", "setup.py"):
        if match := re.search(
            r"(?m)^[ \t]*python_requires[ \t]*=[ \t]*[\"']?([^\"'\n#]*)", folder.text(name)
        ):
            return match[1]
    requires = table(read_toml(folder, "Pipfile"), "requires")
    version = requires.get("python_full_version") or requires.get("python_version")
    return version if isinstance(version, str) else ""


def _first_line(text: str) -> str:
    return next((line for line in map(str.strip, text.splitlines()) if line and line[0] != "#"), "")


def _padded(version: Version) -> Version:
    return (*version, 0, 0)[:3]


def _next(version: Version) -> Version:
    return (*version[:-1], version[-1] + 1)
