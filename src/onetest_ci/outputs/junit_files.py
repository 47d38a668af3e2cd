"""The files of tests, as a JUnit document names them.

``[[ATTACHMENT|path]]`` in the output of a test is what Jenkins' plugin "JUnit Attachments" and GitLab read: a
path that begins in the workspace. GitLab (``lib/gitlab/ci/parsers/test/junit.rb``) fails for a test with two
``system-out`` elements, so the lines stand at the end of the only one.
"""

import errno
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.records import Result, StoredCase, StoredFile
from onetest_ci.model import Attachment
from onetest_ci.reports.engine.text import MARKER, attachments_in
from onetest_ci.reports.formats.junit.producers import MISSING_FILE

_FOLDER: Final = "-files"


class Named(NamedTuple):
    """The files of a test that its outputs do not name.

    Attributes:
        lines: a line for each that is there.
        missing: properties for the others: a mark would send programs outside of the workspace, or nowhere.
    """

    lines: Sequence[str] = ()
    missing: Sequence[tuple[str, str]] = ()


NONE: Final = Named()


def folder_of(document: Path) -> Path:
    """Return the folder of the copies that a document names."""
    return document.with_name(f"{document.stem}{_FOLDER}")


class FileNames:
    """Names the files of tests, and copies those that are not in the workspace to a folder by the document.

    Args:
        document: path of the document.
        bundle: contains the copies.
        workspace: files in it are named as they are.
    """

    def __init__(self, document: Path, bundle: Bundle, workspace: Path) -> None:
        self._bundle = bundle
        self._workspace = workspace
        self._folder = folder_of(document)
        self._copies: set[Path] = set()

    def of(self, result: Result) -> Named:
        """Return the files of a test and of the earlier cases that it repeats.

        Raises:
            OSError: a file cannot be copied.
            BundleError: the bundle is damaged.
        """
        if not result.stored.case.attachments and not result.earlier:
            return NONE
        case = result.stored.case
        printed = set(attachments_in(case.system_out) + attachments_in(case.system_err))
        lines: dict[str, None] = {}
        missing: dict[tuple[str, str], None] = {}
        for attachment, stored in _attachments(result):
            if attachment in printed:
                continue
            line = self._line(attachment, stored)
            if line:
                lines[line] = None
            else:
                missing[f"{MISSING_FILE}:{attachment.name}".rstrip(":"), attachment.path] = None
        return Named(tuple(lines), tuple(missing))

    def _line(self, attachment: Attachment, stored: StoredCase) -> str:
        """Return the line that names a file. Empty if the file is not there."""
        if attachment.path:
            place = os.path.normpath(self._workspace / attachment.path)
            if Path(place).is_relative_to(self._workspace) and os.path.isfile(place):  # noqa: PTH113 - no error for an odd path
                return _line(Path(place).relative_to(self._workspace).as_posix(), attachment.name)
        name = attachment.name or PurePosixPath(attachment.path.replace("\\", "/")).name
        copy = next((file for file in stored.files if file.name == name), None)
        return "" if copy is None else _line(self._copied(copy), name)

    def _copied(self, file: StoredFile) -> str:
        target = self._folder / PurePosixPath(file.file).name
        if target not in self._copies:
            self._copy(file, target)
            self._copies.add(target)
        inside = target.is_relative_to(self._workspace)
        return target.relative_to(self._workspace).as_posix() if inside else str(target)

    def _copy(self, file: StoredFile, target: Path) -> None:
        """Copy a file. The code under test may have put links there, which lead anywhere.

        Raises:
            OSError: the file cannot be copied, or the folder is a link.
        """
        if self._folder.is_symlink():
            raise OSError(errno.ELOOP, f"the folder {self._folder.name} is a link")
        self._folder.mkdir(exist_ok=True)
        target.unlink(missing_ok=True)
        with self._bundle.path_of(file).open("rb") as source, target.open("xb") as copy:
            shutil.copyfileobj(source, copy)


def _attachments(result: Result) -> Iterator[tuple[Attachment, StoredCase]]:
    for stored in (*result.earlier, result.stored):
        for attachment in stored.case.attachments:
            yield attachment, stored


def _line(place: str, name: str) -> str:
    """Return the line that names a file. Empty if it cannot be read back as one."""
    mark = f"{MARKER}{place}]]"
    if attachments_in(mark) != [Attachment(place)]:
        return ""
    line = f"{name} {mark}"
    return line if name and line.isprintable() and attachments_in(line) == [Attachment(place)] else mark
