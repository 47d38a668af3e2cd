"""Copies files that a report or the user names into the bundle, within the allowed roots and limits."""

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final
from urllib.parse import unquote

from onetest_ci.bundle.content_types import HEAD_BYTES, content_type
from onetest_ci.bundle.opening import open_below, size_of_regular
from onetest_ci.bundle.records import StoredFile
from onetest_ci.errors import bundle_not_written
from onetest_ci.onetest.limits import ATTACHMENT_NAME, MAX_FILE_BYTES
from onetest_ci.redaction import Redactor

# Control characters, path separators, and bytes of a file's name that are no UTF-8.
_UNSAFE: Final = re.compile("[\x00-\x1f\x7f/\\\\\ud800-\udfff]")
_CHUNK: Final = 256 * 1024
_FILE_URL: Final = "file://"
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_DRIVE: Final = re.compile(r"[A-Za-z]:[/\\]")

Translate = Callable[[str], str]
"""From an absolute path of the machine that ran the tests to one of this machine."""


class NotStored(Exception):
    """The file cannot travel; the message says why, without its name."""


class FileStore:
    """One folder of a bundle that files are copied into, named by their content.

    Args:
        bundle: the bundle's directory.
        folder: ``attachments`` or ``artifacts``.
        roots: directories that files may come from; a path that leads out of all of them, by ``..`` or by a
            link, is not followed.
        redact: removes the run's keys from what is copied.
    """

    def __init__(self, bundle: Path, folder: str, roots: Iterable[Path], redact: Redactor) -> None:
        self._bundle = bundle
        self._folder = folder
        self._redact = redact
        self._roots = tuple(dict.fromkeys(root.resolve() for root in roots))

    def find(self, path: str, bases: Sequence[Path], translate: Translate = str) -> Path:
        """Resolve a path as a report spells it.

        Args:
            path: absolute, ``file://`` with an absolute one, or relative to one of the bases.
            bases: where a relative path may start, in order.
            translate: from an absolute path of the machine that ran the tests to one of this machine.

        Raises:
            NotStored: nothing is there, it is no regular file, or it lies outside the roots.
        """
        if "\0" in path or not path:
            raise NotStored("it is no path")
        if _ADDRESS.match(path) and not path.lower().startswith(_FILE_URL):
            raise NotStored("it is an address, and nothing is fetched")
        reason = "no such file"
        for candidate in _candidates(path, bases, translate):
            try:
                # Most misses end here, in a tenth of the time.
                os.stat(candidate)  # noqa: PTH116 - a Path takes longer to make than to look at
                real = Path(candidate).resolve(strict=True)
            except (OSError, RuntimeError):
                continue
            if self._root_of(real) is None:
                reason = "it lies outside the workspace"
            elif real.is_file():
                return real
            else:
                reason = "it is no regular file"
        raise NotStored(reason)

    def add(self, source: Path, name: str) -> StoredFile:
        """Copy a file into the bundle; the same content is kept once.

        Args:
            source: a resolved path.
            name: what people call the file; made safe and cut to 255 characters.

        Raises:
            NotStored: the file lies outside the roots, is too large or cannot be read.
            BundleError: the bundle cannot be written.
        """
        root = self._root_of(source)
        if root is None:
            raise NotStored("it lies outside the workspace")
        try:
            with open_below(root, source) as file:
                size = size_of_regular(file)
                if size is None:
                    raise NotStored("it is no regular file")
                _check_size(size)
                return self._copy(file, name)
        except OSError as problem:
            raise NotStored(f"it cannot be read: {problem.strerror}") from None

    def add_content(self, content: bytes, name: str) -> StoredFile:
        """Keep a file that a report holds itself; the same content is kept once.

        Args:
            content: the file.
            name: what people call it; made safe and cut to 255 characters.

        Raises:
            NotStored: it is too large.
            BundleError: the bundle cannot be written.
        """
        return self._copy(io.BytesIO(content), name)

    def _root_of(self, real: Path) -> Path | None:
        return next((root for root in self._roots if real.is_relative_to(root)), None)

    def _copy(self, file: BinaryIO, name: str) -> StoredFile:
        # A file that is still being written may have grown since its size was looked at.
        content = _Bounded(file)
        head = content.read(HEAD_BYTES)
        digest = hashlib.sha256(head)
        for chunk in iter(lambda: content.read(_CHUNK), b""):
            digest.update(chunk)
        safe = safe_name(name)
        suffix = re.sub(r"[^a-z0-9.]", "", PurePosixPath(safe).suffix.lower())[:12]
        place = f"{self._folder}/{digest.hexdigest()[:32]}{suffix}"
        target = self._bundle / place
        if not target.exists():
            self._write(file, target)
        return StoredFile(safe, place, content_type(safe, head), target.stat().st_size)

    def _write(self, file: BinaryIO, target: Path) -> None:
        file.seek(0)
        try:
            target.parent.mkdir(exist_ok=True)
            with target.open("wb") as copy:
                self._redact.copy(_Bounded(file), copy)
        except NotStored:
            target.unlink()
            raise
        except OSError as problem:
            raise bundle_not_written(self._bundle, problem) from None


class _Bounded:
    """Reads a file up to the largest size that may travel."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = 0

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._size += len(data)
        _check_size(self._size)
        return data


def _check_size(size: int) -> None:
    if size > MAX_FILE_BYTES:
        raise NotStored(f"it has {size:,} bytes, OneTest takes {MAX_FILE_BYTES:,}")


def _candidates(path: str, bases: Sequence[Path], translate: Translate) -> Iterator[str]:
    """Where a file may be that a report spells like this, likeliest first."""
    spellings = [path]
    if path.lower().startswith(_FILE_URL):
        # file:///a%20b, file://localhost/a, file:///C:/a, and what is merely put behind file://.
        bare = re.sub(r"^localhost(?=/)", "", path[len(_FILE_URL) :])
        bare = bare[1:] if _DRIVE.match(bare[1:]) else bare
        spellings = list(dict.fromkeys((unquote(bare), bare)))
    for spelled in spellings:
        if _DRIVE.match(spelled) or spelled.startswith(("/", "\\\\")):
            translated = (translate(spelled), spelled)
            yield from (one for one in dict.fromkeys(translated) if Path(one).is_absolute())
        else:
            # Reports from Windows may be read elsewhere, where a backslash is a letter like others.
            relatives = dict.fromkeys((spelled, spelled.replace("\\", "/")))
            yield from (os.path.join(base, relative) for relative in relatives for base in bases)  # noqa: PTH118


def safe_name(name: str) -> str:
    """A file name without path parts or control characters, its last 255 characters, never empty."""
    return _UNSAFE.sub("_", name).strip(". ")[-ATTACHMENT_NAME:] or "file"
