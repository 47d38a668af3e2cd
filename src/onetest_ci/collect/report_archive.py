"""The raw reports of a run as zip archives: one call instead of one a report."""

import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from onetest_ci.bundle.format import ARTIFACTS
from onetest_ci.bundle.records import StoredFile
from onetest_ci.onetest.limits import MAX_FILE_BYTES
from onetest_ci.redaction import Readable, Redactor
from onetest_ci.reports import FileReport, Source

_NEXT_ARCHIVE_AT: Final = MAX_FILE_BYTES // 2
_CHUNK: Final = 1024 * 1024
# Level 1 packs a report 8 to 1 at 150 MB/s; level 6 gains a fifth and takes twice as long.
_LEVEL: Final = 1


def archive_reports(
    reports: Sequence[FileReport], open_report: Callable[[Source], Readable], bundle: Path, redact: Redactor
) -> tuple[list[StoredFile], list[str]]:
    """Pack the reports into ``reports.zip`` and so on, each small enough to be uploaded.

    Args:
        reports: rows of what was read.
        open_report: gives the bytes of a report, expanded.
        bundle: the bundle's directory.
        redact: removes the run's keys from the reports' text.

    Returns:
        The archives, and a warning for each that is too large to upload.
    """
    folder = bundle / ARTIFACTS
    waiting = list(reports)
    stored: list[StoredFile] = []
    warnings: list[str] = []
    while waiting:
        folder.mkdir(exist_ok=True)
        name = f"reports-{len(stored) + len(warnings) + 1}.zip" if stored or warnings else "reports.zip"
        path = folder / name
        packed = _pack(path, waiting, open_report, redact)
        del waiting[:packed]
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            path.unlink()
            warnings.append(
                f"The raw reports in {name} have {size:,} bytes packed; OneTest takes {MAX_FILE_BYTES:,}. "
                "They were not uploaded: keep them as artifacts of the CI job."
            )
        else:
            stored.append(StoredFile(name, f"{ARTIFACTS}/{name}", "application/zip", size))
    return stored, warnings


def _pack(
    path: Path,
    reports: list[FileReport],
    open_report: Callable[[Source], Readable],
    redact: Redactor,
) -> int:
    """Write one archive; returns how many of the reports went into it, at least one."""
    packed = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for report in reports:
            if packed and archive.start_dir > _NEXT_ARCHIVE_AT:
                break
            assert report.source is not None  # noqa: S101 - only what was read comes here
            member = _member_name(redact(report.path))
            if member in archive.NameToInfo:
                member = f"{packed}/{member}"
            info = zipfile.ZipInfo.from_file(report.source.path, member, strict_timestamps=False)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as packing:
                redact.copy(open_report(report.source), packing)
            packed += 1
    return packed


def _member_name(name: str) -> str:
    """A name inside the archive: relative, without ``..``; what was packed is expanded."""
    name = re.sub(r"(?<=.)\.gz$", "", name, flags=re.IGNORECASE)
    parts = [part for part in re.split(r"[\\/]", name) if part not in {"", ".", ".."} and ":" not in part]
    return "/".join(parts) or "report"
