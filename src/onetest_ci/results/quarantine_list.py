"""Read the quarantine list of a run, as it was before the change under test."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.ci.base_commit import base_commits, is_about_a_change
from onetest_ci.ci.checkout import GitDirectories, git_directories, is_inside_another
from onetest_ci.ci.context import CIContext
from onetest_ci.ci.git_objects import NotAFile, ObjectMissing, read_file
from onetest_ci.ci.host import Environ
from onetest_ci.notices import Notice
from onetest_ci.results.quarantine import Quarantine, allowed
from onetest_ci.results.quarantine_file import MAX_BYTES, BadList, Entries, parse, shown
from onetest_ci.safe_open import open_beneath, size_of_regular
from onetest_ci.settings.gates import GateSettings

_NOTHING: Final = "Nothing is in quarantine"
_FETCH: Final = (
    "Fetch it with the checkout (GitHub: `fetch-depth: 2`; GitLab: `GIT_DEPTH: 0`), or set "
    "ONETEST_BASE_COMMIT to the id of a commit that the clone contains."
)


class _List(NamedTuple):
    """A list in the file system.

    Attributes:
        entries: what it contains.
        path: of the file, resolved but for its own name.
        named: the same path with the links in it.
    """

    entries: Entries
    path: Path
    named: Path


class _NoBase(Exception):
    """The commit that the change starts from cannot be read; the message is for people."""


def load_quarantine(
    settings: GateSettings, context: CIContext, environ: Environ, *, path: Path, today: date
) -> Quarantine:
    """Return the entries that count before the tests of the run are looked at. Faults become notices.

    Args:
        settings: may name the base commit.
        context: of the run.
        environ: the process's variables.
        path: of the list.
        today: in UTC.
    """
    try:
        here = _read(path)
        base = _base(here, settings, context, environ)
    except BadList as fault:
        return _nothing(f"the list {shown(path.name)} {fault}")
    except _NoBase as fault:
        return _nothing(str(fault))
    return allowed(here.entries, base, today)


def _nothing(why: str) -> Quarantine:
    text = why if why.endswith(".") else f"{why}."
    return Quarantine((), (Notice("quarantine", f"{_NOTHING}: {text}"),))


def _read(path: Path) -> _List:
    """Read a list. The file itself must not be a link, which could lead anywhere.

    Raises:
        BadList: it cannot be used.
    """
    try:
        real = path.parent.resolve(strict=True) / path.name
        with open_beneath(real.parent, real) as file:
            if size_of_regular(file) is None:
                raise BadList("is not a regular file")
            return _List(parse(file.read(MAX_BYTES + 1)), real, path)
    except (OSError, RuntimeError) as problem:
        raise BadList(f"cannot be read: {getattr(problem, 'strerror', '') or 'it is a link'}") from None


def _base(here: _List, settings: GateSettings, context: CIContext, environ: Environ) -> Entries | None:
    """Return the list of the commit that the change starts from; None if the run tests no change.

    A list outside of the checkout does not come with the change. It counts as it is, in a trusted run.

    Raises:
        _NoBase: the run tests a change, and its base cannot be read.
    """
    root = context.checkout.resolve() if context.checkout else None
    is_change = bool(settings.base_commit) or is_about_a_change(environ, context)
    if root is not None and not here.path.is_relative_to(root):
        _check_outside(here, root, is_change=is_change, outsiders=context.outsiders_run)
        return None
    git = git_directories(root) if root is not None else None
    if git is None or root is None:
        if is_change:
            raise _NoBase("the base commit of this change cannot be read without a git checkout")
        return None
    if not is_change:
        return None
    path = here.path.relative_to(root).as_posix()
    for commit in _candidates(settings, context, environ, git, root):
        try:
            raw = read_file(git.common, commit, path, MAX_BYTES + 1)
            return parse(raw) if raw is not None else Entries()
        except ObjectMissing:
            continue
        except NotAFile:
            return Entries()
        except BadList as fault:
            raise _NoBase(f"the list of the base commit {commit[:12]} {fault}") from None
    raise _NoBase(f"the clone does not contain the commit that this change starts from. {_FETCH}")


def _check_outside(here: _List, root: Path, *, is_change: bool, outsiders: str) -> None:
    """Check that a list outside of the checkout does not come with the change.

    Raises:
        _NoBase: it may.
    """
    if is_change and _is_below(root, here.named):
        raise _NoBase("a link in the checkout leads to the list, which is outside of it")
    if outsiders:
        raise _NoBase(f"this is a {outsiders}, and the list is outside of the checkout")


def _is_below(root: Path, path: Path) -> bool:
    """Return whether a path is in the checkout if no link below its top level is followed."""
    return any(folder.resolve() == root for folder in Path(os.path.normpath(path.absolute())).parents)


def _candidates(
    settings: GateSettings, context: CIContext, environ: Environ, git: GitDirectories, root: Path
) -> Iterator[str]:
    if settings.base_commit:
        yield settings.base_commit
    else:
        yield from base_commits(environ, context, git, is_tested=not is_inside_another(root))
