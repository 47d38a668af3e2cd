"""Split the name of a test into its method and its parameters: all rows of a test have one reference."""

from collections.abc import Iterable
from typing import Final

from onetest_ci.code_ref.quirk import Parameters
from onetest_ci.code_ref.quirks import ARGUMENTS, DATA_ROWS

LONGEST_SPLIT: Final = 2048
"""Characters of a name that is split. A longer one is hostile: it may keep patterns busy or fill caches."""


def without_parameters(name: str, suffix: str = "") -> str:
    """Return the method of a name: ``adds`` of ``adds(int, int)[1]`` and ``adds()``.

    Args:
        name: as a report spells it.
        suffix: of the test's file (``.py``), if it is known: some spellings are special to a language.
    """
    if name.isidentifier() or len(name) > LONGEST_SPLIT:
        return name
    return _without(ARGUMENTS, _without(DATA_ROWS, name, suffix), suffix)


def _without(rows: Iterable[Parameters], name: str, suffix: str) -> str:
    for row in rows:
        if row.mark in name and (row.suffixes is None or suffix in row.suffixes):
            match = row.method(name)
            if match is not None:
                return match[1]
    return name


def parameters_of(name: str, suffix: str = "", method: str = "") -> str:
    """Return the text after the method, without brackets around it all. Empty for none.

    Args:
        name: as a report spells it.
        suffix: as for ``without_parameters``.
        method: as the report spells it. Empty if it has none apart from the name.
    """
    is_prefix = method and name.startswith(method)
    rest = name[len(method if is_prefix else without_parameters(name, suffix)) :].strip(" /:")
    bare = rest[1:-1] if rest.startswith("[") else rest
    return "" if bare == "()" else bare
