"""The raw reports of a run as zip archives: one call instead of one a report."""

import re
import shutil
import threading
import zipfile
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, Final, Self, cast

from onetest_ci.bundle.format import ARTIFACTS
from onetest_ci.bundle.records import StoredFile
from onetest_ci.onetest.limits import MAX_FILE_BYTES
from onetest_ci.redaction import Redactor
from onetest_ci.reports import RawReports, ReadOptions, Source, verdicts_of

_NEXT_ARCHIVE_AT: Final = MAX_FILE_BYTES // 2
_CHUNK: Final = 1024 * 1024
# Level 1 packs a report 8 to 1 at 150 MB/s; level 6 gains a fifth and takes twice as long.
_LEVEL: Final = 1


class ReportArchive:
    """Packs the reports into ``reports.zip`` and so on, each small enough to be uploaded.

    It does so in a thread of its own while they are read, since packing leaves the interpreter free. A
    context manager; one that is left by an error stops where it is.

    Secrets in a report are covered. A password may be a word of the report's format, such as ``failures``. So
    a report that contained a secret is read again, and left out if its verdicts are not the same any more.
    The bundle has its results in any case.

    Args:
        bundle: the bundle's directory.
        redact: covers the run's secrets in the reports.
        options: how reports are read.
    """

    def __init__(self, bundle: Path, redact: Redactor, options: ReadOptions) -> None:
        self._bundle = bundle
        self._redact = redact
        self._options = options
        self._waiting: SimpleQueue[tuple[str, Source] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="report-archive", daemon=True)
        self._problem: Exception | None = None
        self._stopped = False
        self._zip: zipfile.ZipFile | None = None
        self._begun = 0
        self._stored: list[StoredFile] = []
        self._warnings: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stopped = True
        self._end()

    def add(self, path: str, source: Source) -> None:
        """Pack a report.

        Args:
            path: as the user knows it.
            source: its bytes; packed as they are expanded.
        """
        self._waiting.put((path, source))

    def finish(self) -> tuple[list[StoredFile], list[str]]:
        """Wait for the last of them.

        Returns:
            The archives, and a warning for each that is too large to upload and for each report that was left
            out.

        Raises:
            OSError: a report is gone, or the bundle cannot be written.
        """
        self._end()
        if self._problem is not None:
            raise self._problem
        return self._stored, self._warnings

    def _end(self) -> None:
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            with RawReports() as raw:
                for path, source in iter(self._waiting.get, None):
                    if self._stopped:
                        break
                    self._pack(path, source, raw)
                self._close()
        except Exception as problem:  # noqa: BLE001 - it is the caller's
            self._problem = problem

    def _pack(self, path: str, source: Source, raw: RawReports) -> None:
        if self._zip is not None and self._zip.start_dir > _NEXT_ARCHIVE_AT:
            self._close()
        if self._zip is None:
            self._open()
        archive = self._zip
        assert archive is not None  # noqa: S101 - for mypy
        member = _member_name(self._redact(path))
        if member in archive.NameToInfo:
            member = f"{len(archive.filelist)}/{member}"
        info = zipfile.ZipInfo.from_file(source.path, member, strict_timestamps=False)
        info.compress_type = zipfile.ZIP_DEFLATED
        content = self._redact.covered(raw.open(source))
        with archive.open(info, "w", force_zip64=True) as packing:
            shutil.copyfileobj(cast("BinaryIO", content), packing, _CHUNK)
        if content.changed and self._decides_otherwise(source, raw):
            # Its bytes stay, as no entry: an archive that is being written cannot shrink.
            archive.filelist.remove(info)
            del archive.NameToInfo[member]
            self._warnings.append(
                f"The raw report {path} was not kept: it contains a secret that is a word of its format as "
                "well, and would have other verdicts without it. Its results are complete."
            )

    def _decides_otherwise(self, source: Source, raw: RawReports) -> bool:
        """Return whether a report has other verdicts when its secrets are covered."""
        before = verdicts_of(raw.open(source), self._options)
        return verdicts_of(self._redact.covered(raw.open(source)), self._options) != before

    def _open(self) -> None:
        folder = self._bundle / ARTIFACTS
        folder.mkdir(exist_ok=True)
        self._begun += 1
        path = folder / (f"reports-{self._begun}.zip" if self._begun > 1 else "reports.zip")
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)

    def _close(self) -> None:
        """End the open archive, if there is one; the next report begins another."""
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
            self._warnings.append(
                f"The raw reports in {path.name} have {size:,} bytes packed; OneTest takes "
                f"{MAX_FILE_BYTES:,}. They were not uploaded: keep them as artifacts of the CI job."
            )
        else:
            self._stored.append(StoredFile(path.name, f"{ARTIFACTS}/{path.name}", "application/zip", size))


def _member_name(name: str) -> str:
    """A name inside the archive: relative, without ``..``; what was packed is expanded."""
    name = re.sub(r"(?<=.)\.gz$", "", name, flags=re.IGNORECASE)
    parts = [part for part in re.split(r"[\\/]", name) if part not in {"", ".", ".."} and ":" not in part]
    return "/".join(parts) or "report"
