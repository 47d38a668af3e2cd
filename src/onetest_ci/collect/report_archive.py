"""The raw reports of a run as zip archives: one call instead of one a report."""

import os
import re
import shutil
import stat
import threading
import time
import zipfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Self, cast

from onetest_ci.background import begin, wait_for
from onetest_ci.bundle.bundle import ARTIFACTS
from onetest_ci.bundle.digests import digest_of
from onetest_ci.bundle.records import FileDigest, StoredFile
from onetest_ci.errors import ReportError
from onetest_ci.limits import MAX_FILE_BYTES
from onetest_ci.notices import NOTE, WARNING, Level, Notice
from onetest_ci.redaction import Redactor
from onetest_ci.reports import ReadOptions, Source
from onetest_ci.reports.raw_reports import RawReports
from onetest_ci.reports.verdict_digest import verdicts_of
from onetest_ci.safe_open import FileIdentity
from onetest_ci.signals import stop_deferred

_NEXT_ARCHIVE_AT: Final = MAX_FILE_BYTES // 2
# Level 1 packs a report 8 to 1 at 150 MB/s; level 6 gains a fifth and takes twice as long.
_LEVEL: Final = 1
_CHUNK: Final = 1024 * 1024
LARGE: Final = 1024 * 1024
"""Bytes of a file that is packed while it is read."""
# The limits of the zip format.
_FIRST_TIME: Final = (1980, 1, 1, 0, 0, 0)
_LAST_TIME: Final = (2107, 12, 31, 23, 59, 59)


class _Waiting(NamedTuple):
    path: str
    source: Source


class _NotPacked(Exception):
    """A report cannot be packed; the message contains the reason."""


class ReportArchive:
    """Packs the reports into ``reports.zip`` and so on, each small enough to be uploaded.

    A small file is packed when the next one begins: by then it was read to its end. A thread packs a large
    one while it is read, since packing releases the interpreter's lock; for many small ones, the two threads
    would take twice the time of one. A report that cannot be packed is left out with a warning: it was
    removed meanwhile, or another file is in its place. Its results have been read.

    Secrets in a report are covered. A password may be a word of the report's format, such as ``failures``. So
    a report that contained a secret is read again, and left out if its verdicts have changed. The bundle has
    its results in any case. A report is left out if its format holds credentials or the environment.

    Args:
        bundle: the bundle's directory.
        redact: covers the run's secrets in the reports.
        options: how reports are read.
    """

    def __init__(self, bundle: Path, redact: Redactor, options: ReadOptions) -> None:
        self._bundle = bundle
        self._redact = redact
        self._options = options
        self._raw = RawReports()
        self._waiting: list[_Waiting] = []
        self._packed = threading.Event()
        self._packed.set()
        self._problem: Exception | None = None
        self._zip: zipfile.ZipFile | None = None
        self._number = 0
        self._stored: list[StoredFile] = []
        self._digests: list[FileDigest] = []
        self._notices: list[Notice] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        with stop_deferred():
            # The bundle may be removed next, so nothing may write to it any more.
            wait_for(self._packed)
            self._raw.__exit__(*raised)
            if self._zip is not None:
                # An error is on its way, and closing on a full disk would raise another.
                with suppress(OSError):
                    self._zip.close()

    @property
    def digests(self) -> tuple[FileDigest, ...]:
        """A digest of each archive, once packing is finished."""
        return tuple(self._digests)

    def add(self, path: str, source: Source) -> None:
        """Add a report that is about to be read; pack the small file before it.

        Args:
            path: as the user names it.
            source: its bytes; packed as they are expanded.

        Raises:
            OSError: the bundle cannot be written.
        """
        if source.confidential:
            self._note(
                "raw-report-missing",
                f"The file of the report {path} is not among the raw reports: {source.confidential}. "
                "Its results are not affected.",
                path,
                NOTE,
            )
            return
        if self._waiting and self._waiting[0].source.path != source.path:
            self._pack_waiting()
        report = _Waiting(path, source)
        if source.identity.size < LARGE:
            self._waiting.append(report)
            return
        self._join()
        try:
            with stop_deferred():
                self._packed = begin(partial(self._run, report), "report-archive")
        except RuntimeError:
            # No thread can be started, so it is packed as a small one.
            self._waiting.append(report)

    def finish(self) -> tuple[list[StoredFile], list[Notice]]:
        """Pack the last small file, and wait for a large one.

        Returns:
            The archives, and a warning for each archive that is too large to upload and each report that was
            left out.

        Raises:
            OSError: the bundle cannot be written.
        """
        self._pack_waiting()
        self._close()
        return self._stored, self._notices

    def _run(self, report: _Waiting) -> None:
        try:
            self._pack(report)
        except Exception as problem:  # noqa: BLE001 - it is the caller's
            self._problem = problem

    def _join(self) -> None:
        """Wait until a large file is packed: one is packed at a time."""
        with stop_deferred():
            wait_for(self._packed)
        if self._problem is not None:
            raise self._problem

    def _pack_waiting(self) -> None:
        self._join()
        for report in self._waiting:
            self._pack(report)
        self._waiting.clear()

    def _pack(self, report: _Waiting) -> None:
        try:
            self._add_member(report)
        except _NotPacked as reason:
            self._note(
                "raw-report-missing",
                f"The file of the report {report.path} is not among the raw reports: {reason}. Its results "
                "are not affected.",
                report.path,
            )
            return
        if _has_changed(report.source):
            self._note(
                "raw-report-changed",
                f"The file of the report {report.path} changed while it was read; its copy among the raw "
                "reports may not match its results.",
                report.path,
            )

    def _note(self, kind: str, text: str, subject: str, level: Level = WARNING) -> None:
        self._notices.append(Notice(kind, text, subject, level))

    def _add_member(self, report: _Waiting) -> None:
        """Pack one report whole, or leave the archive unchanged.

        Raises:
            _NotPacked: the report cannot be read, or would have other verdicts without its secrets.
        """
        archive = self._archive()
        member = _member_name(self._redact(report.path))
        if member in archive.NameToInfo:
            member = f"{len(archive.filelist)}/{member}"
        info = _member_info(member, report.source.identity)
        content = self._redact.covered(_Content(self._raw, report.source))
        try:
            with archive.open(info, "w", force_zip64=True) as packing:
                shutil.copyfileobj(cast("BinaryIO", content), packing, _CHUNK)
            if content.changed:
                self._check_verdicts(report.source)
        except _NotPacked:
            _remove_last(archive, info)
            raise

    def _check_verdicts(self, source: Source) -> None:
        """Check that a report has the same verdicts when its secrets are covered.

        Raises:
            _NotPacked: it has others, or cannot be read.
        """
        before = verdicts_of(_Content(self._raw, source), self._options)
        if verdicts_of(self._redact.covered(_Content(self._raw, source)), self._options) != before:
            raise _NotPacked("a secret in it is a word of its format, without which its verdicts differ")

    def _archive(self) -> zipfile.ZipFile:
        """Return the open archive; close a full one and begin the next."""
        if self._zip is not None and self._zip.start_dir > _NEXT_ARCHIVE_AT:
            self._close()
        if self._zip is None:
            self._number += 1
            folder = self._bundle / ARTIFACTS
            folder.mkdir(exist_ok=True)
            path = folder / (f"reports-{self._number}.zip" if self._number > 1 else "reports.zip")
            self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        return self._zip

    def _close(self) -> None:
        """Close the open archive, if there is one; the next report begins another."""
        if self._zip is None:
            return
        path = Path(self._zip.filename or "")
        is_empty = not self._zip.filelist
        self._zip.close()
        self._zip = None
        size = path.stat().st_size
        if is_empty:
            path.unlink()
        elif size > MAX_FILE_BYTES:
            path.unlink()
            self._note(
                "raw-reports-too-large",
                f"The raw reports in {path.name} have {size:,} bytes packed; OneTest takes "
                f"{MAX_FILE_BYTES:,}. They were not uploaded: keep them as artifacts of the CI job.",
                path.name,
            )
        else:
            # zipfile fills in sizes afterwards, so the archive cannot be hashed while it is written.
            digest = digest_of(self._bundle.resolve(), f"{ARTIFACTS}/{path.name}")
            self._digests.append(digest)
            self._stored.append(StoredFile(path.name, digest.file, "application/zip", digest.size))


class _Content:
    """The bytes of one report, which may have been removed.

    Args:
        raw: opens reports.
        source: the report.

    Raises:
        _NotPacked: it cannot be opened.
    """

    def __init__(self, raw: RawReports, source: Source) -> None:
        try:
            self._report = raw.open(source)
        except OSError as problem:
            raise _not_packed(problem) from None
        except (ReportError, IndexError):
            raise _NotPacked("the archive that held it has changed") from None

    def seek(self, offset: int, /) -> None:
        """Go back to the start: ``offset`` is 0."""
        self._report.seek(offset)

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes.

        Raises:
            _NotPacked: it cannot be read any more.
        """
        try:
            return self._report.read(size)
        except OSError as problem:
            raise _not_packed(problem) from None


def _not_packed(problem: OSError) -> _NotPacked:
    return _NotPacked(f"it cannot be read any more ({problem.strerror or problem})")


def _has_changed(source: Source) -> bool:
    """Return whether the content of a file may have changed since it was opened to be read.

    A file that was removed is still open, and is packed whole.
    """
    try:
        now = FileIdentity.of(os.stat(source.path))  # noqa: PTH116 - once for each report
    except OSError:
        return False
    # The device of an open file differs between systems.
    return now[1:] != source.identity[1:]


def _member_info(name: str, identity: FileIdentity) -> zipfile.ZipInfo:
    """Return the header of a member, with the time when the report was last written."""
    written = time.localtime(identity.modified_ns // 1_000_000_000)[:6]
    info = zipfile.ZipInfo(name, min(max(written, _FIRST_TIME), _LAST_TIME))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info


def _remove_last(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Remove the last member, which was not packed whole; the next one overwrites it."""
    if info in archive.filelist:
        archive.filelist.remove(info)
        del archive.NameToInfo[info.filename]
    archive.start_dir = info.header_offset
    if archive.fp is not None:
        archive.fp.truncate(info.header_offset)


def _member_name(name: str) -> str:
    """Return a name inside the archive: relative, without ``..``, and without ``.gz`` if it is expanded."""
    name = re.sub(r"(?<=.)\.gz$", "", name, flags=re.IGNORECASE)
    parts = [part for part in re.split(r"[\\/]", name) if part not in {"", ".", ".."} and ":" not in part]
    return "/".join(parts) or "report"
