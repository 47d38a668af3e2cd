"""Copies files that a report or the user names into the bundle, within the allowed roots and limits."""

import hashlib
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO, Final

from onetest_ci.bundle.content_types import HEAD_BYTES, content_type
from onetest_ci.bundle.format import not_written
from onetest_ci.bundle.records import StoredFile
from onetest_ci.onetest.limits import ATTACHMENT_NAME, MAX_FILE_BYTES
from onetest_ci.redaction import Redactor

# Control characters, path separators, and bytes of a file's name that are no UTF-8.
_UNSAFE: Final = re.compile("[\x00-\x1f\x7f/\\\\\ud800-\udfff]")
_CHUNK: Final = 256 * 1024


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

    def find(self, path: str, bases: Iterable[Path]) -> Path:
        """Resolve a path as a report spells it.

        Args:
            path: absolute, or relative to one of the bases.
            bases: where a relative path may start, in order.

        Raises:
            NotStored: nothing is there, it is no regular file, or it lies outside the roots.
        """
        if "\0" in path or not path:
            raise NotStored("it is no path")
        # Reports from Windows may be read elsewhere.
        spelled = Path(path.removeprefix("file://").replace("\\", "/"))
        reason = "no such file"
        for candidate in [spelled] if spelled.is_absolute() else [base / spelled for base in bases]:
            try:
                real = candidate.resolve(strict=True)
            except (OSError, RuntimeError):
                continue
            if not any(real.is_relative_to(root) for root in self._roots):
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
            NotStored: the file is too large or cannot be read.
            BundleError: the bundle cannot be written.
        """
        try:
            # Not blocking: a FIFO put in the file's place must not hang the run.
            descriptor = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(descriptor, "rb") as file:
                status = os.fstat(file.fileno())
                if not stat.S_ISREG(status.st_mode):
                    raise NotStored("it is no regular file")
                if status.st_size > MAX_FILE_BYTES:
                    raise NotStored(f"it has {status.st_size:,} bytes, OneTest takes {MAX_FILE_BYTES:,}")
                return self._copy(file, name)
        except OSError as problem:
            raise NotStored(f"it cannot be read: {problem.strerror}") from None

    def _copy(self, file: IO[bytes], name: str) -> StoredFile:
        head = file.read(HEAD_BYTES)
        digest = hashlib.sha256(head)
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            digest.update(chunk)
        safe = safe_name(name)
        suffix = re.sub(r"[^a-z0-9.]", "", PurePosixPath(safe).suffix.lower())[:12]
        place = f"{self._folder}/{digest.hexdigest()[:32]}{suffix}"
        target = self._bundle / place
        if not target.exists():
            file.seek(0)
            try:
                target.parent.mkdir(exist_ok=True)
                with target.open("wb") as copy:
                    self._redact.copy(file, copy)
            except OSError as problem:
                raise not_written(self._bundle, problem) from None
        return StoredFile(safe, place, content_type(safe, head), target.stat().st_size)


def safe_name(name: str) -> str:
    """A file name without path parts or control characters, its last 255 characters, never empty."""
    return _UNSAFE.sub("_", name).strip(". ")[-ATTACHMENT_NAME:] or "file"
