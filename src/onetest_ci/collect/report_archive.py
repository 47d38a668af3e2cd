"""The raw reports of a run as zip archives: one call instead of one a report."""

import re
import threading
import zipfile
from pathlib import Path
from queue import SimpleQueue
from typing import Final, Self

from onetest_ci.bundle.format import ARTIFACTS
from onetest_ci.bundle.records import StoredFile
from onetest_ci.onetest.limits import MAX_FILE_BYTES
from onetest_ci.redaction import Readable, Redactor
from onetest_ci.reports import RawReports, Source

_NEXT_ARCHIVE_AT: Final = MAX_FILE_BYTES // 2
_CHUNK: Final = 1024 * 1024
# Level 1 packs a report 8 to 1 at 150 MB/s; level 6 gains a fifth and takes twice as long.
_LEVEL: Final = 1


class ReportArchive:
    """Packs the reports into ``reports.zip`` and so on, each small enough to be uploaded.

    It does so in a thread of its own while they are read, since packing leaves the interpreter free. A
    context manager; one that is left by an error stops where it is.

    Args:
        bundle: the bundle's directory.
        redact: removes the run's keys from the reports' text.
    """

    def __init__(self, bundle: Path, redact: Redactor) -> None:
        self._bundle = bundle
        self._redact = redact
        self._waiting: SimpleQueue[tuple[str, Source] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="report-archive", daemon=True)
        self._problem: Exception | None = None
        self._stopped = False
        self._zip: zipfile.ZipFile | None = None
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
            The archives, and a warning for each that is too large to upload.

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
                    self._pack(path, source, raw.open(source))
                self._close()
        except Exception as problem:  # noqa: BLE001 - it is the caller's
            self._problem = problem

    def _pack(self, path: str, source: Source, content: Readable) -> None:
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
        with archive.open(info, "w", force_zip64=True) as packing:
            self._redact.copy(content, packing)

    def _open(self) -> None:
        folder = self._bundle / ARTIFACTS
        folder.mkdir(exist_ok=True)
        number = len(self._stored) + len(self._warnings) + 1
        path = folder / (f"reports-{number}.zip" if number > 1 else "reports.zip")
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)

    def _close(self) -> None:
        """End the open archive, if there is one; the next report begins another."""
        if self._zip is None:
            return
        path = Path(self._zip.filename or "")
        self._zip.close()
        self._zip = None
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
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
