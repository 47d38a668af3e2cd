"""Write a file of a checkout: below its root, through no link, whole or not at all, over no other file."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from onetest_ci.errors import UsageProblem

_NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_LINK
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | getattr(os, "O_BINARY", 0)
# Each call below takes the directory as an open one, so that no link can replace it in between.
BY_STEPS: Final = (
    bool(_NO_LINK) and {os.open, os.mkdir, os.rename, os.link, os.stat, os.unlink} <= os.supports_dir_fd
)
_MAX_BACKUPS: Final = 1000


class _Place(NamedTuple):
    """An open directory and a name in it. Without open directories, ``name`` is a whole path."""

    folder: int | None
    prefix: str

    def at(self, name: str) -> str:
        """Return what a call names the file by."""
        return self.prefix + name


def write_new(root: Path, path: str, text: str, *, backup: bool) -> str:
    """Write a file, and return the path of the copy that is kept of another one; empty if there was none.

    Args:
        root: the resolved root of the checkout.
        path: of the file, below the root.
        text: its content.
        backup: replace another file and keep it as ``FILE.bak``; else it is an error.

    Raises:
        UsageProblem: ``file-exists``, ``link-in-path``, ``output-not-written``.
    """
    *folders, name = PurePosixPath(path).parts
    try:
        with _open(root, folders) as place:
            temporary = f".{name}.{secrets.token_hex(8)}"
            _write(place, temporary, text)
            try:
                return _put(place, temporary, name, path, backup=backup)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(place.at(temporary), dir_fd=place.folder)
    except OSError as problem:
        raise _not_written(path, problem) from None


def file_exists(path: str) -> UsageProblem:
    """Return the error for a file that exists and has another content."""
    return UsageProblem(
        "file-exists",
        f"{path} exists and has another content; it was not changed.",
        "Use --force to replace it; a copy is kept. --print shows the new file.",
    )


def check_path(root: Path, path: str) -> None:
    """Check that no part of a path below the root is a link.

    Raises:
        UsageProblem: ``link-in-path``.
    """
    place = root
    for part in PurePosixPath(path).parts:
        place /= part
        if place.is_symlink():
            raise _link(path)


def _link(path: str) -> UsageProblem:
    return UsageProblem(
        "link-in-path",
        f"{path} cannot be written: a part of it is not a file, or is a link, which may lead anywhere.",
        "Use --print, and save the file yourself.",
    )


def _not_written(path: str, problem: OSError) -> UsageProblem:
    if problem.errno in {errno.ELOOP, errno.ENOTDIR}:
        return _link(path)
    return UsageProblem(
        "output-not-written",
        f"The file {path} cannot be written: {problem.strerror or problem}.",
        "Use --print, and save the file yourself.",
    )


@contextmanager
def _open(root: Path, folders: list[str]) -> Iterator[_Place]:
    """Open a directory below the root step by step; one that is missing is made."""
    if not BY_STEPS:
        check_path(root, "/".join(folders))
        root.joinpath(*folders).mkdir(parents=True, exist_ok=True)
        yield _Place(None, f"{root.joinpath(*folders)}{os.sep}")
        return
    folder = os.open(root, _FOLDER)
    try:
        for part in folders:
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=folder)
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield _Place(folder, "")
    finally:
        os.close(folder)


def _write(place: _Place, name: str, text: str) -> None:
    descriptor = os.open(place.at(name), _NEW, 0o666, dir_fd=place.folder)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _put(place: _Place, temporary: str, name: str, path: str, *, backup: bool) -> str:
    """Give the temporary file its name. A link is never replaced."""
    try:
        status = os.stat(place.at(name), dir_fd=place.folder, follow_symlinks=False)
    except FileNotFoundError:
        return _put_new(place, temporary, name, path)
    if not stat.S_ISREG(status.st_mode):
        raise _link(path)
    if not backup:
        raise file_exists(path)
    kept = _keep(place, name)
    os.replace(place.at(temporary), place.at(name), src_dir_fd=place.folder, dst_dir_fd=place.folder)
    return str(PurePosixPath(path).with_name(kept))


def _put_new(place: _Place, temporary: str, name: str, path: str) -> str:
    try:
        _link_file(place, temporary, name)
    except FileExistsError:
        raise file_exists(path) from None
    return ""


def _keep(place: _Place, name: str) -> str:
    """Keep a file under another name, which no file has, and return the name."""
    for number in range(_MAX_BACKUPS):
        kept = f"{name}.bak.{number}" if number else f"{name}.bak"
        with suppress(FileExistsError):
            _link_file(place, name, kept)
            return kept
    raise OSError(errno.EEXIST, "there are too many copies of it")


def _link_file(place: _Place, name: str, new: str) -> None:
    """Give a file a second name, which must be free."""
    os.link(
        place.at(name),
        place.at(new),
        src_dir_fd=place.folder,
        dst_dir_fd=place.folder,
        follow_symlinks=os.link not in os.supports_follow_symlinks,
    )
