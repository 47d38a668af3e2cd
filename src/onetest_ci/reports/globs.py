"""Globs over a directory tree: ``*``, ``?``, ``[...]`` within a name, ``**`` for any directories."""

import os
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

Found = tuple[os.DirEntry[str], str]
"""An entry that is no directory, and its path as the user knows it."""

LeavesOut = Callable[[str, Collection[str]], bool]
"""Whether a directory is not searched, by its path and the names in it."""

# The file systems of Windows take no notice of case, and so no pattern does there.
_CASE = re.IGNORECASE if os.name == "nt" else re.NOFLAG
_MAGIC = re.compile(r"[*?\[]")
_ANY = "**"


def walked(directory: str, shown: str, leaves_out: LeavesOut) -> Iterator[Found]:
    """All below an absolute directory; ``shown`` is the prefix of its display path."""
    return _matching(directory, shown, [_ANY], leaves_out)


def globbed(root: Path, pattern: str) -> Iterator[Found]:
    """All that matches a pattern with ``/`` between its parts, relative to ``root`` or absolute.

    A pattern that ends in ``/`` means all below the directories it matches.
    """
    prefix, parts = _divided(pattern)
    return _matching(fixed_part(root, pattern), prefix.removeprefix("./"), parts)


def fixed_part(root: Path, pattern: str) -> str:
    """Return the absolute directory that a glob searches: its parts before the first wildcard."""
    return os.path.abspath(root / _divided(pattern)[0])  # noqa: PTH100 - resolve() would change what is shown


def _divided(pattern: str) -> tuple[str, list[str]]:
    """Split a glob into its fixed part and the parts that follow it."""
    parts = pattern.split("/")
    if parts[-1] == "":
        parts[-1] = _ANY
    fixed = 0
    while not _MAGIC.search(parts[fixed]):
        fixed += 1
    prefix = "".join(part + "/" for part in parts[:fixed])
    return prefix, [part for part in parts[fixed:] if part not in {"", "."}]


def _nothing(_directory: str, _names: Collection[str]) -> bool:
    return False


def _matching(
    directory: str, shown: str, parts: list[str], leaves_out: LeavesOut = _nothing
) -> Iterator[Found]:
    """Walk with the parts that may come next; directories that can match nothing are not entered."""
    names = [re.compile(_segment(part), _CASE) if part != _ANY else None for part in parts]
    entered: set[tuple[int, int]] = set()
    todo = [(directory, shown, _reached({0}, names))]
    # Links come last: a directory in the tree is entered by its own path, wherever a link to it stands.
    linked: list[tuple[str, str, set[int]]] = []
    while todo or linked:
        directory, shown, states = (todo or linked).pop()
        try:
            status = os.stat(directory)  # noqa: PTH116 - one string all the way, 100,000 times over
            # A link may lead back up: each directory is entered once for what it may still match.
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            with os.scandir(directory) as scanned:
                entries = list(scanned)
        except OSError:
            continue
        if leaves_out(directory, {entry.name for entry in entries}):
            continue
        for entry in entries:
            following = _next(states, entry.name, names)
            if not following:
                continue
            if _is(entry.is_dir):
                later = linked if entry.is_symlink() else todo
                later.append((entry.path, f"{shown}{entry.name}/", following))
            elif len(names) in following:
                yield entry, shown + entry.name


def _is(kind: Callable[[], bool]) -> bool:
    """Whether an entry is of a kind; a link that leads in a circle is of none."""
    try:
        return kind()
    except OSError:
        return False


def is_file(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a regular file, or a link to one."""
    return _is(entry.is_file)


def _next(states: set[int], name: str, names: list[re.Pattern[str] | None]) -> set[int]:
    """States after a name: indexes of the pattern parts that may come next; the length is a whole match."""
    following = set()
    for state in states:
        if state == len(names):
            continue
        pattern = names[state]
        if pattern is None:
            following.add(state)
            if state == len(names) - 1:
                following.add(len(names))
        elif pattern.fullmatch(name):
            following.add(state + 1)
    return _reached(following, names)


def _reached(states: set[int], names: list[re.Pattern[str] | None]) -> set[int]:
    """With the parts after each ``**``, since it may stand for no directory at all."""
    reached = set(states)
    for state in states:
        following = state
        while following < len(names) - 1 and names[following] is None:
            following += 1
            reached.add(following)
    return reached


def exclusion(pattern: str, root: Path) -> re.Pattern[str]:
    """What absolute POSIX paths a ``!`` pattern takes away; a directory takes all below it along."""
    anywhere = pattern.startswith("**/")
    if not anywhere:
        pattern = os.path.abspath(root / pattern).replace(os.sep, "/")  # noqa: PTH100 - as above
    parts = pattern.removeprefix("**/").split("/")
    while parts and parts[-1] in {"", _ANY}:
        parts.pop()
    text = "".join("(?:[^/]+/)*" if part == _ANY else _segment(part) + "/" for part in parts).removesuffix(
        "/"
    )
    return re.compile(("(?:.*/)?" if anywhere else "") + text + "(?:/.*)?", re.DOTALL | _CASE)


def _segment(part: str) -> str:
    """The regular expression of a name with wildcards; an unclosed bracket is an ordinary character."""
    result = ""
    at = 0
    while at < len(part):
        character = part[at]
        at += 1
        if character == "*":
            result += "[^/]*"
        elif character == "?":
            result += "[^/]"
        elif (
            character == "["
            and (end := part.find("]", at + 2 if part[at : at + 1] in {"!", "^"} else at + 1)) > 0
        ):
            negated = part[at] in "!^"
            members = part[at + negated : end].replace("\\", r"\\").replace("[", r"\[")
            result += f"[{'^' if negated else ''}{members}]"
            at = end + 1
        else:
            result += re.escape(character)
    return result
