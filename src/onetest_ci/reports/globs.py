"""Globs over a directory tree: ``*``, ``?``, ``[...]``, ``{...}`` within a name, ``**`` for any directories.

A part of a pattern that is the very name of what is there is taken literally, as ``out [linux]``.
"""

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from onetest_ci.reports.braces import expanded, first_group

Found = tuple[os.DirEntry[str], str]
"""An entry that is not a directory, and its path as the user named it."""

LeavesOut = Callable[[str, Collection[str]], bool]
"""Whether a directory is not searched, by its path and the names in it."""

# The file systems of Windows take no notice of case, and so no pattern does there.
_CASE = re.IGNORECASE if os.name == "nt" else re.NOFLAG
_MAGIC = re.compile(r"[*?\[]")
_ANY = "**"
_CLASS: Final = re.compile(r"\[[!^]?[^/\[][^\]/\[]*+\]")
_SHOWN: Final = 4
_DIRECTORIES: Final = "(?:[^/]*+/)*?"


Unsearched = Callable[[str, str, OSError], None]
"""Receives a directory that cannot be searched, as its path and its display path, and why."""


def _not_noted(_directory: str, _shown: str, _problem: OSError) -> None:
    return


def walked(
    directory: str, shown: str, leaves_out: LeavesOut, unsearched: Unsearched = _not_noted
) -> Iterator[Found]:
    """Return the entries below an absolute directory. ``shown`` is the prefix of its display path."""
    return _matching(directory, shown, [_ANY], leaves_out, unsearched)


def is_glob(pattern: str) -> bool:
    """Return whether a pattern, or a part of one, has wildcards or braces that expand."""
    return _MAGIC.search(pattern) is not None or first_group(pattern) is not None


def globbed(
    root: Path, pattern: str, unsearched: Unsearched = _not_noted
) -> Iterator[tuple[str, Iterator[Found]]]:
    """Return the matches of a pattern with ``/`` between its parts, relative to ``root`` or absolute.

    A pattern that ends in ``/`` means all below the directories it matches.

    Yields:
        For each directory that is searched, its absolute path and what matches there.
    """
    for one in expanded(pattern, only_paths=True):
        prefix, parts = _divided(root, one)
        directory = os.path.abspath(root / prefix)  # noqa: PTH100 - resolve() would change what is shown
        yield directory, _matching(directory, prefix.removeprefix("./"), parts, unsearched=unsearched)


def _divided(root: Path, pattern: str) -> tuple[str, list[str]]:
    """Split a glob into its fixed part and the parts that follow it, of which there is at least one."""
    parts = pattern.split("/")
    if parts[-1] == "":
        parts[-1] = _ANY
    fixed = 0
    while fixed < len(parts) - 1 and _is_fixed(root, parts, fixed):
        fixed += 1
    prefix = "".join(part + "/" for part in parts[:fixed])
    return prefix, [part for part in parts[fixed:] if part not in {"", "."}] or [_ANY]


def _is_fixed(root: Path, parts: list[str], index: int) -> bool:
    """Return whether a part is a plain name, or the name of a directory that looks like a pattern."""
    part = parts[index]
    return not is_glob(part) or (_only_literal(part) and (root / "/".join(parts[: index + 1])).is_dir())


def _only_literal(part: str) -> bool:
    """Return whether a part has wildcards or braces and does not match its own spelling, as ``[linux]``."""
    return part != _ANY and is_glob(part) and _compiled(part).fullmatch(part) is None


def _compiled(part: str) -> re.Pattern[str]:
    return re.compile(_segment(part), _CASE)


def _nothing(_directory: str, _names: Collection[str]) -> bool:
    return False


def _matching(
    directory: str,
    shown: str,
    parts: list[str],
    leaves_out: LeavesOut = _nothing,
    unsearched: Unsearched = _not_noted,
) -> Iterator[Found]:
    """Walk with the parts that may come next; directories that can match nothing are not entered."""
    names = [_compiled(part) if part != _ANY else None for part in parts]
    literals = [(index, part) for index, part in enumerate(parts) if _only_literal(part)]
    entered: dict[tuple[int, int], set[int]] = {}
    todo = [(directory, shown, _reached({0}, names))]
    # Links come last: a directory in the tree is entered by its own path, wherever a link to it stands.
    linked: list[tuple[str, str, set[int]]] = []
    while todo or linked:
        directory, shown, states = (todo or linked).pop()
        try:
            status = os.stat(directory)  # noqa: PTH116 - one string all the way, 100,000 times over
            # A link may lead back up: each directory is entered once for each part that may come next.
            before = entered.setdefault((status.st_dev, status.st_ino), set())
            states -= before
            if not states:
                continue
            before |= states
            with os.scandir(directory) as scanned:
                entries = list(scanned)
        except OSError as problem:
            unsearched(directory, shown, problem)
            continue
        if leaves_out(directory, {entry.name for entry in entries}):
            continue
        taken = {index for index, part in literals if any(entry.name == part for entry in entries)}
        for entry in entries:
            following = _next(states, entry.name, names, parts, taken)
            if not following:
                continue
            if _is(entry.is_dir):
                later = linked if entry.is_symlink() else todo
                later.append((entry.path, f"{shown}{entry.name}/", following))
            elif len(names) in following:
                yield entry, shown + entry.name


def _is(kind: Callable[[], bool]) -> bool:
    """Return whether an entry is of a kind. A link that leads in a circle is of none."""
    try:
        return kind()
    except OSError:
        return False


def is_file(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a regular file, or a link to one."""
    return _is(entry.is_file)


def _next(
    states: set[int], name: str, names: list[re.Pattern[str] | None], parts: list[str], literal: set[int]
) -> set[int]:
    """Return the states after a name: indexes of the parts that may come next. The length is a whole match.

    Parts in ``literal`` match their own spelling alone.
    """
    following = set()
    for state in states:
        if state == len(names):
            continue
        pattern = names[state]
        if pattern is None:
            following.add(state)
            if state == len(names) - 1:
                following.add(len(names))
        elif name == parts[state] if state in literal else pattern.fullmatch(name):
            following.add(state + 1)
    return _reached(following, names)


def _reached(states: set[int], names: list[re.Pattern[str] | None]) -> set[int]:
    """Add the parts after each ``**``, since it may stand for no directory at all."""
    reached = set(states)
    for state in states:
        following = state
        while following < len(names) - 1 and names[following] is None:
            following += 1
            reached.add(following)
    return reached


def exclusions(pattern: str, root: Path) -> list[re.Pattern[str]]:
    """Return patterns of the absolute POSIX paths that ``!`` excludes, with all below a directory."""
    return [_exclusion(one, root) for one in expanded(pattern, only_paths=True)]


def _exclusion(pattern: str, root: Path) -> re.Pattern[str]:
    anywhere = pattern.startswith("**/")
    if not anywhere:
        pattern = os.path.abspath(root / pattern).replace(os.sep, "/")  # noqa: PTH100 - as above
    parts = pattern.removeprefix("**/").split("/")
    while parts and parts[-1] in {"", _ANY}:
        parts.pop()
    blocks: list[list[str]] = [[]]
    above = "" if anywhere else "/"
    for part in parts:
        if part == _ANY:
            blocks.append([])
            above = ""
            continue
        # Behind a wildcard the directory is not known: there the name and the pattern take away.
        literal = above and _only_literal(part) and os.path.lexists(f"{above}{part}")
        spelled = f"(?:{_segment(part)}|{re.escape(part)})" if _only_literal(part) else _segment(part)
        blocks[-1].append(re.escape(part) if literal else spelled)
        above = f"{above}{part}/" if above and (literal or not is_glob(part)) else ""
    return re.compile(_of_blocks(blocks, anywhere=anywhere), re.DOTALL | _CASE)


def _of_blocks(blocks: list[list[str]], *, anywhere: bool) -> str:
    """Return the regular expression of the paths that have blocks of names in this order, and of all below.

    Args:
        blocks: regular expressions of names that follow one another. Any directories stand between blocks.
        anywhere: any directories may stand before the first block.
    """
    first, *deep = [f"{'/'.join(block)}(?=/|\\Z)" for block in blocks if block] or [""]
    # Nothing is given back: what matches behind a later place matches behind the first one as well.
    text = f"(?>{_DIRECTORIES}{first})" if anywhere else first
    return f"{text}{''.join(f'(?>/{_DIRECTORIES}{block})' for block in deep)}(?:/.*)?"


def reading_of(pattern: str, root: Path) -> str:
    """Describe how a pattern was read: the meaning of each part that is not plain text."""
    parts = pattern.split("/")
    meanings: dict[str, str] = {}
    above = ""
    for part in parts:
        if _only_literal(part) and os.path.lexists(root / above / part):
            meanings[part] = "that very name"
        elif part == _ANY:
            meanings[_ANY] = "any directories"
        elif is_glob(part):
            meanings |= _reading_of_part(part)
        above += f"{part}/"
    for at in [start for start in range(len(pattern)) if pattern[start] == "{"][:_SHOWN]:
        group = first_group(pattern, at)
        if group is None or group.start != at:
            meanings["{"] = "an ordinary character"
        else:
            meanings[pattern[at : group.end]] = _listed(group.alternatives)
    return ", ".join(f"`{text}` as {meaning}" for text, meaning in islice(meanings.items(), 2 * _SHOWN))


def _reading_of_part(part: str) -> dict[str, str]:
    """Return the meanings of the wildcards in a name."""
    meanings = {}
    if "*" in part:
        meanings["*"] = "any text within a name"
    if "?" in part:
        meanings["?"] = "any one character"
    for found in _CLASS.finditer(part):
        members = found[0].strip("[]!^")
        meanings[found[0]] = f"one character{' not' if found[0][1] in '!^' else ''} of {members}"
    return meanings


def _listed(alternatives: Sequence[str]) -> str:
    shown = " or ".join(f"`{one}`" for one in alternatives[:_SHOWN])
    more = len(alternatives) - _SHOWN
    return f"{shown} or {more:,} more" if more > 0 else shown


def _segment(part: str) -> str:
    """Return the regular expression of a name with wildcards. An unclosed bracket is a plain character."""
    if part.count("*") > 1 and first_group(part) is not None:
        # Which place is the first one depends on what a group stands for.
        return f"(?:{'|'.join(map(_name, expanded(part)))})"
    return _name(part)


def _name(part: str) -> str:
    """Return the regular expression of a name in which stars and groups do not come together."""
    pieces = [""]
    at = 0
    while at < len(part):
        character = part[at]
        at += 1
        if character == "*":
            pieces.append("")
        elif character == "?":
            pieces[-1] += "[^/]"
        elif character == "{" and (group := first_group(part, at - 1)) and group.start == at - 1:
            pieces[-1] += f"(?:{'|'.join(map(_segment, group.alternatives))})"
            at = group.end
        elif (
            character == "["
            and (end := part.find("]", at + 2 if part[at : at + 1] in {"!", "^"} else at + 1)) > 0
        ):
            negated = part[at] in "!^"
            members = part[at + negated : end].replace("\\", r"\\").replace("[", r"\[")
            pieces[-1] += f"[{'^' if negated else ''}{members}]"
            at = end + 1
        else:
            pieces[-1] += re.escape(character)
    first, *others = pieces
    if not others:
        return first
    *middle, last = others
    # The first place of a piece is as good as any later one, and to try only that takes linear time.
    return f"{first}{''.join(f'(?>[^/]*?{piece})' for piece in middle if piece)}[^/]*{last}"
