"""Read a git checkout without git: images lack it, and it refuses a workspace of another owner.

Formats: gitrepository-layout(5) and git-check-ref-format(1). Files of a checkout are as hostile as its
code: reads are bounded, only regular files are opened, and values of another form are left out. A
``gitdir:`` may lead anywhere, as for worktrees and submodules. Of the files there, only commit ids, names of
branches and addresses of remotes are kept.
"""

import re
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.ci import git_config, safe_values

_MAX_SMALL: Final = 4096
_MAX_CONFIG: Final = 1024 * 1024
_MAX_PACKED: Final = 64 * 1024 * 1024
# As in git: from HEAD to a branch, and a few steps more for symbolic branches.
_MAX_SYMBOLIC: Final = 5
_BRANCHES: Final = "refs/heads/"

# Both are compiled on first use.
_GIT_FILE: Final = r"gitdir:\s*(\S.*)\Z"
_BAD_REF: Final = r"""(?x)
    [\x00-\x20\x7f~^:?*\[\\]   # characters that no ref may have
    | \.\. | @\{ | //
    | (?:^|/)\. | \.lock(?:/|$) | [./]$
    """


class Checkout(NamedTuple):
    """A git checkout. A field is empty if git's files do not contain it in the expected form.

    Attributes:
        root: the folder that holds ``.git``.
        branch: short name of the branch checked out; empty on a detached HEAD.
        commit: id of the commit checked out; empty before the first one.
        remote_url: address of the remote ``origin``, without credentials.
    """

    root: Path
    branch: str = ""
    commit: str = ""
    remote_url: str = ""


def read_checkout(start: Path) -> Checkout | None:
    """Return the checkout around ``start``, an absolute path; None if there is none. Never raises."""
    for folder in (start, *start.parents):
        git_dir = _git_dir(folder / ".git")
        if git_dir is not None:
            return _read(folder, git_dir)
    return None


class GitDirectories(NamedTuple):
    """Git's directories of a checkout.

    Attributes:
        own: of this worktree.
        common: that all worktrees share.
    """

    own: Path
    common: Path


def git_directories(root: Path) -> GitDirectories | None:
    """Return git's directories of the checkout at ``root``; None if they cannot be found. Never raises."""
    git_dir = _git_dir(root / ".git")
    return GitDirectories(git_dir, _common_dir(git_dir)) if git_dir else None


def is_inside_another(root: Path) -> bool:
    """Return whether a checkout is inside of that of another repository, as a submodule is. Never raises.

    A worktree shares the directories of its repository.
    """
    own = git_directories(root)
    outer = next((found for folder in root.parents if (found := git_directories(folder))), None)
    if own is None or outer is None:
        return False
    try:
        return not own.common.samefile(outer.common)
    except OSError:
        return True


def commit_of_ref(git: GitDirectories, ref: str) -> str:
    """Return the commit that a ref of the clone names; empty if there is none. Never raises."""
    if re.search(_BAD_REF, ref):
        return ""
    return safe_values.commit_id(_first_line(git.common / ref) or _packed(git.common / "packed-refs", ref))


def _common_dir(git_dir: Path) -> Path:
    common = _first_line(git_dir / "commondir")
    return git_dir / common if common else git_dir


def _git_dir(dot_git: Path) -> Path | None:
    """Return git's directory: ``.git``, or for a worktree or a submodule the one that this file names."""
    try:
        if not dot_git.is_dir():
            pointed = re.match(_GIT_FILE, _first_line(dot_git))
            if pointed is None:
                return None
            dot_git = dot_git.parent / pointed[1]
        return dot_git if (dot_git / "HEAD").is_file() else None
    except (OSError, ValueError):
        return None


def _read(root: Path, git_dir: Path) -> Checkout:
    common_dir = _common_dir(git_dir)
    ref, commit = _resolve_head(git_dir, common_dir)
    branch = safe_values.branch(ref) if ref.startswith(_BRANCHES) else ""
    config = _text(common_dir / "config", _MAX_CONFIG)
    remote_url = safe_values.repository_url(git_config.value(config, "remote", "origin", "url"))
    return Checkout(root=root, branch=branch, commit=commit, remote_url=remote_url)


def _resolve_head(git_dir: Path, common_dir: Path) -> tuple[str, str]:
    """Return the branch's full name and its commit; either may be empty."""
    content = _first_line(git_dir / "HEAD")
    head = ref = _symbolic(content)
    for _ in range(_MAX_SYMBOLIC):
        if not ref:
            return head, safe_values.commit_id(content)
        content = _first_line(common_dir / ref) or _packed(common_dir / "packed-refs", ref)
        ref = _symbolic(content)
    return head, ""


def _symbolic(content: str) -> str:
    """Return the ref after ``ref:``; empty if git would not accept its name."""
    if not content.startswith("ref:"):
        return ""
    ref = content.removeprefix("ref:").strip()
    return ref if ref.startswith("refs/") and not re.search(_BAD_REF, ref) else ""


def _packed(file: Path, ref: str) -> str:
    """Return the id of ``ref`` in a packed-refs file, whose lines are ``<id> <ref>``."""
    end = b" " + ref.encode("utf-8", "surrogateescape") + b"\n"
    left = _MAX_PACKED
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as lines:
            while left > 0 and (line := lines.readline(_MAX_SMALL)):
                if line.endswith(end):
                    return line.removesuffix(end).decode("ascii", "replace")
                left -= len(line)
    except (OSError, ValueError):
        pass
    return ""


def _first_line(file: Path) -> str:
    lines = _text(file, _MAX_SMALL).splitlines()
    return lines[0].strip() if lines else ""


def _text(file: Path, limit: int) -> str:
    """Return the beginning of a regular file; empty if it cannot be read. Names may contain any bytes."""
    try:
        # Reading a pipe would wait for a writer without end.
        if not file.is_file():
            return ""
        with file.open("rb") as stream:
            return stream.read(limit).decode("utf-8", "surrogateescape")
    except (OSError, ValueError):
        return ""
