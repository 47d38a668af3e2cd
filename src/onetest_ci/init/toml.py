"""Read files of TOML, whose values may be of any type."""

import tomllib
from typing import Any

from onetest_ci.init.project import Folder


def read_toml(folder: Folder, name: str) -> dict[str, Any]:
    """Return the content of a file; empty if it is missing or not valid."""
    try:
        return tomllib.loads(folder.text(name))
    except (ValueError, RecursionError):
        return {}


def table(values: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return a table inside others; empty if there is none."""
    for key in keys:
        inner = values.get(key)
        values = inner if isinstance(inner, dict) else {}
    return values
