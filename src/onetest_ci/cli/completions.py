"""What the shell offers for a word that a person is typing. Nothing here prints."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click
from click.shell_completion import CompletionItem

from onetest_ci.bundle.bundle import MANIFEST
from onetest_ci.settings import options
from onetest_ci.settings.values import report_format

FILE: Final = "file"
"""Type of an item for which the shell offers files and directories itself."""
DIRECTORY: Final = "dir"

_DIRECTORIES: Final = frozenset({"DIR"})
_FILES: Final = frozenset({"FILE", "GLOB", "PATH"})
_PLAIN_NAME: Final = r"[\w@%+=:,./-]+"
"""Names without a meaning for a shell, which puts an offered word into the line as it is."""
_MOST: Final = 1000


def of_setting(name: str, incomplete: str) -> list[CompletionItem]:
    """Return what a setting's value may be: its words, files or directories. Nothing for free text.

    Args:
        name: of the setting.
        incomplete: the word so far.
    """
    option = options()[name]
    if option.parse is report_format:
        return matching(_formats(), incomplete)
    words: Iterable[str] = getattr(option.parse, "limits", {}).get("enum", ())
    if words:
        return matching(words, incomplete)
    if option.metavar in _DIRECTORIES:
        return [CompletionItem(incomplete, type=DIRECTORY)]
    return [CompletionItem(incomplete, type=FILE)] if option.metavar in _FILES else []


def matching(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    """Return the words that begin as the incomplete one does."""
    return [CompletionItem(word) for word in words if word.startswith(incomplete)]


def bundles(_ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the bundles whose path begins so; without one all directories, in which a bundle may lie."""
    found = sorted(_bundles(incomplete))
    return [CompletionItem(path) for path in found] or [CompletionItem(incomplete, type=DIRECTORY)]


def topics(ctx: click.Context, incomplete: str, *more: str) -> list[CompletionItem]:
    """Return the topics of `help`: commands, more words, all error codes, and after a group its commands."""
    from onetest_ci.error_codes import ERROR_CODES  # noqa: PLC0415 - only this parameter needs them

    top = ctx.find_root()
    earlier = ctx.params.get("topic") or ()
    group = top.command
    for name in earlier:
        group = group.get_command(top, name) if isinstance(group, click.Group) else None  # type: ignore[assignment]
    names = group.list_commands(top) if isinstance(group, click.Group) else []
    if earlier:
        return matching(names, incomplete)
    codes = [
        CompletionItem(code, help=entry.title)
        for code, entry in ERROR_CODES.items()
        if code.startswith(incomplete)
    ]
    return [*matching([*names, *more], incomplete), *codes]


def _formats() -> Iterator[str]:
    from onetest_ci.reports.formats.table import FORMATS  # noqa: PLC0415 - only one option needs them

    yield "auto"
    yield from (row.name for row in FORMATS)


def _bundles(incomplete: str) -> Iterator[str]:
    folder, slash, start = incomplete.rpartition("/")
    try:
        with os.scandir(f"{folder}{slash}" or ".") as entries:
            for _, entry in zip(range(_MOST), entries, strict=False):
                path = f"{folder}{slash}{entry.name}"
                if (
                    entry.name.startswith(start)
                    and re.fullmatch(_PLAIN_NAME, path, re.ASCII)
                    and Path(entry.path, MANIFEST).is_file()
                ):
                    yield path
    except OSError:
        return
