"""Copy files that a report or the user names into the bundle, within the allowed roots and limits."""

import io
import os
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Final, cast
from urllib.parse import unquote

from onetest_ci.bundle.content_types import HEAD_BYTES, content_type
from onetest_ci.bundle.digests import HashingWriter
from onetest_ci.bundle.records import FileDigest, StoredFile
from onetest_ci.errors import bundle_not_written
from onetest_ci.limits import ATTACHMENT_NAME, MAX_FILE_BYTES
from onetest_ci.redaction import Redactor
from onetest_ci.safe_open import open_beneath, size_of_regular
from onetest_ci.text.characters import ASCII_CONTROLS, LONE_SURROGATES

# Control characters, path separators, and bytes of a file's name that are not UTF-8.
_UNSAFE: Final = rf"[{ASCII_CONTROLS}{LONE_SURROGATES}/\\]"
_DIGITS_OF_NAME: Final = 32
_UNFINISHED: Final = ".new"
_FILE_URL: Final = "file://"
_ADDRESS: Final = r"[A-Za-z][A-Za-z0-9+.-]+://"
_DRIVE: Final = r"[A-Za-z]:[/\\]"

_REMEMBERED: Final = 1000
"""Number of files whose copies are found again without reading them."""
_SETTLED_NS: Final = 2_000_000_000
"""Minimum time since the last change of such a file. FAT counts in steps of two seconds."""

_Identity = tuple[int, int, int, int, int]
Translate = Callable[[str], str]
"""Translates an absolute path of the machine that ran the tests to one of this machine."""


class NotStored(Exception):
    """The file cannot be stored. The message is the reason, without the file's name."""


class OfVersionControl(NotStored):
    """The file belongs to version control, of which no file is stored."""


class FileStore:
    """One folder of a bundle that files are copied into, named by their content.

    Args:
        bundle: the bundle's directory.
        folder: ``attachments`` or ``artifacts``.
        roots: directories that files may come from. A path that leads out of all of them, by ``..`` or by a
            link, is not followed. The root of the file system is ignored.
        redact: removes the run's keys from copies.
        closed: names in lower case of files and directories below the roots that are not copied.
    """

    def __init__(
        self,
        bundle: Path,
        folder: str,
        roots: Iterable[Path],
        redact: Redactor,
        *,
        closed: Collection[str] = (),
    ) -> None:
        self._bundle = bundle
        self._folder = folder
        self._redact = redact
        self._closed = frozenset(closed)
        self._roots: tuple[Path, ...] = ()
        for root in roots:
            self.allow(root.resolve())
        self._stored: dict[str, FileDigest] = {}
        self._recent: dict[tuple[_Identity, str], StoredFile] = {}

    @property
    def digests(self) -> tuple[FileDigest, ...]:
        """A digest of each file in the folder."""
        return tuple(self._stored.values())

    def allow(self, root: Path) -> None:
        """Add a resolved directory to the roots, unless it is the root of the file system."""
        if root != Path(root.anchor) and not self.allows(root):
            self._roots += (root,)

    def allows(self, real: Path) -> bool:
        """Return whether a resolved path lies within the roots."""
        return self._root_of(real) is not None

    def find(self, path: str, bases: Sequence[Path | str], translate: Translate = str) -> Path:
        """Resolve a path as a report spells it.

        Args:
            path: absolute, ``file://`` with an absolute one, or relative to one of the bases.
            bases: where a relative path may start, in order.
            translate: for absolute paths, from the machine that ran the tests.

        Raises:
            NotStored: the file does not exist, is not a regular file, or is outside of the roots.
        """
        if "\0" in path or not path:
            raise NotStored("it is not a path")
        if re.match(_ADDRESS, path) and not path.lower().startswith(_FILE_URL):
            raise NotStored("it is an address, and nothing is fetched")
        missed = NotStored("no such file")
        for candidate in _candidates(path, bases, translate):
            try:
                # Most missing files end here, in a tenth of the time.
                os.stat(candidate)  # noqa: PTH116 - to make a Path takes longer than this call
                real = Path(candidate).resolve(strict=True)
            except (OSError, RuntimeError):
                continue
            try:
                self._checked_root(real)
            except NotStored as reason:
                missed = reason
                continue
            if real.is_file():
                return real
            missed = NotStored("it is not a regular file")
        raise missed

    def add(self, source: Path, name: str) -> StoredFile:
        """Copy a file into the bundle. Equal contents are stored once.

        Args:
            source: a resolved path.
            name: for people. It is made safe and cut to 255 characters.

        Raises:
            NotStored: the file is outside of the roots, too large, or cannot be read.
            BundleError: the bundle cannot be written.
        """
        root = self._checked_root(source)
        try:
            with open_beneath(root, source) as file:
                size = size_of_regular(file)
                if size is None:
                    raise NotStored("it is not a regular file")
                _check_size(size)
                return self._copy_once(file, name)
        except OSError as problem:
            raise _unreadable(problem) from None

    def add_content(self, content: bytes, name: str) -> StoredFile:
        """Store a file that a report contains. Equal contents are stored once.

        Args:
            content: of the file.
            name: for people. It is made safe and cut to 255 characters.

        Raises:
            NotStored: the file is too large.
            BundleError: the bundle cannot be written.
        """
        return self._copy(io.BytesIO(content), name)

    def _root_of(self, real: Path) -> Path | None:
        return next((root for root in self._roots if real.is_relative_to(root)), None)

    def _checked_root(self, real: Path) -> Path:
        """Return the root that contains a resolved path.

        Raises:
            NotStored: no root contains it, or it is closed.
        """
        root = self._root_of(real)
        if root is None:
            raise NotStored("it lies outside the workspace")
        if self._closed and not self._closed.isdisjoint(
            part.lower() for part in real.relative_to(root).parts
        ):
            raise OfVersionControl("it belongs to version control")
        return root

    def _copy_once(self, file: BinaryIO, name: str) -> StoredFile:
        """Copy a file unless it was copied under that name before: many tests may name one log."""
        status = os.fstat(file.fileno())
        identity = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
        stored = self._recent.get((identity, name))
        if stored is not None:
            return stored
        stored = self._copy(file, name)
        # Two changes within one tick of the file system's clock look like one.
        if time.time_ns() - status.st_ctime_ns > _SETTLED_NS:
            if len(self._recent) >= _REMEMBERED:
                self._recent.clear()
            self._recent[identity, name] = stored
        return stored

    def _copy(self, file: BinaryIO, name: str) -> StoredFile:
        """Copy a file, then name the copy by its digest, so that each byte is read once."""
        source = _Source(file)
        safe = safe_name(name)
        suffix = re.sub(r"[^a-z0-9.]", "", PurePosixPath(safe).suffix.lower())[:12]
        folder = self._bundle / self._folder
        unfinished = folder / _UNFINISHED
        try:
            folder.mkdir(exist_ok=True)
            try:
                with unfinished.open("wb") as copy:
                    hashing = HashingWriter(copy)
                    self._redact.copy(source, cast("IO[bytes]", hashing))
            except NotStored:
                unfinished.unlink()
                raise
            digest = hashing.digest(f"{self._folder}/{hashing.digest('').sha256[:_DIGITS_OF_NAME]}{suffix}")
            if digest.file in self._stored:
                unfinished.unlink()
            else:
                unfinished.rename(self._bundle / digest.file)
                self._stored[digest.file] = digest
        except OSError as problem:
            raise bundle_not_written(self._bundle, problem) from None
        return StoredFile(safe, digest.file, content_type(safe, source.head), digest.size)


class _Source:
    """Reads a file up to the maximum size of a file.

    Attributes:
        head: the first bytes.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.head = b""
        self._file = file
        self._size = 0

    def read(self, size: int, /) -> bytes:
        """Return the next bytes.

        Raises:
            NotStored: the file cannot be read, or has grown too large since its size was checked.
        """
        try:
            data = self._file.read(size)
        except OSError as problem:
            raise _unreadable(problem) from None
        if not self._size:
            self.head = data[:HEAD_BYTES]
        self._size += len(data)
        _check_size(self._size)
        return data


def _unreadable(problem: OSError) -> NotStored:
    return NotStored(f"it cannot be read: {problem.strerror}")


def _check_size(size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise NotStored(f"it has {size:,} bytes, OneTest takes {MAX_FILE_BYTES:,}")


def _candidates(path: str, bases: Sequence[Path | str], translate: Translate) -> Iterator[str]:
    """Yield the possible paths of a file that a report names, the likeliest first."""
    spellings = [path]
    if path.lower().startswith(_FILE_URL):
        # file:///a%20b, file://localhost/a, file:///C:/a, and a plain path after file://.
        bare = re.sub(r"^localhost(?=/)", "", path[len(_FILE_URL) :])
        bare = bare[1:] if re.match(_DRIVE, bare[1:]) else bare
        spellings = list(dict.fromkeys((unquote(bare), bare)))
    for spelled in spellings:
        if re.match(_DRIVE, spelled) or spelled.startswith(("/", "\\\\")):
            translated = (translate(spelled), spelled)
            yield from (one for one in dict.fromkeys(translated) if Path(one).is_absolute())
        else:
            # A report from Windows may be read on a system where a backslash is a normal character.
            relatives = dict.fromkeys((spelled, spelled.replace("\\", "/")))
            yield from (os.path.join(base, relative) for relative in relatives for base in bases)  # noqa: PTH118


def safe_name(name: str) -> str:
    """Return a file name without path parts and control characters: its last 255 characters, never empty."""
    return re.sub(_UNSAFE, "_", name).strip(". ")[-ATTACHMENT_NAME:] or "file"
