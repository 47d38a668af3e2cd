"""A report that cannot be read to its end while it is packed leaves no trace in the archive."""

import errno
import os
import zipfile
from pathlib import Path
from typing import Final

import pytest

from onetest_ci.collect import report_archive
from onetest_ci.collect.report_archive import ReportArchive
from onetest_ci.redaction import Redactor
from onetest_ci.redaction.files import Readable
from onetest_ci.reports import ReadOptions, Source
from onetest_ci.reports.raw_reports import RawReports
from support.reading import source

REPORTS: Final = ("a", "b", "c", "d")
LARGE: Final = os.urandom(3 * 1024 * 1024)


class Failing:
    """A report on a disk that fails after the first piece."""

    def __init__(self) -> None:
        self._pieces = [LARGE]

    def read(self, _size: int, /) -> bytes:
        if self._pieces:
            return self._pieces.pop()
        raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of the reports that fail."""
    names: set[str] = set()
    opened = RawReports.open

    def open_report(self: RawReports, source: Source) -> Readable:
        return Failing() if source.path.name in names else opened(self, source)

    monkeypatch.setattr(RawReports, "open", open_report)
    return names


def packed(place: Path) -> tuple[list[str], list[str]]:
    """Pack all reports; the names of the archives, and warnings."""
    for name in REPORTS:
        (place / name).write_text(f"content of {name}", encoding="utf-8")
    (place / "bundle").mkdir()
    with ReportArchive(place / "bundle", Redactor.none(), ReadOptions()) as archive:
        for name in REPORTS:
            archive.add(name, source(place / name))
        stored, notices = archive.finish()
        assert [digest.file for digest in archive.digests] == [file.file for file in stored]
    for file, digest in zip(stored, archive.digests, strict=True):
        assert (place / "bundle" / file.file).stat().st_size == file.size == digest.size
    return [file.file for file in stored], [notice.text for notice in notices]


@pytest.fixture(params=["small", "large"])
def _size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pack the reports as small files are packed, or as large ones."""
    if request.param == "large":
        monkeypatch.setattr(report_archive, "LARGE", 1)


@pytest.mark.usefixtures("_size")
@pytest.mark.parametrize("bad", [{"a"}, {"b"}, {"d"}, {"a", "b"}, {"b", "c", "d"}])
def test_a_report_that_cannot_be_read_to_its_end_is_left_out(
    tmp_path: Path, failing: set[str], bad: set[str]
) -> None:
    failing |= bad
    places, warnings = packed(tmp_path)
    assert places == ["artifacts/reports.zip"]
    assert [warning.split()[5] for warning in warnings] == [f"{name}" for name in sorted(bad)]
    assert all("Input/output error" in warning for warning in warnings)
    path = tmp_path / "bundle" / places[0]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        contents = {name: archive.read(name).decode() for name in archive.namelist()}
    assert contents == {name: f"content of {name}" for name in REPORTS if name not in bad}
    assert path.stat().st_size < 10_000


@pytest.mark.usefixtures("_size")
def test_without_any_whole_report_there_is_no_archive(tmp_path: Path, failing: set[str]) -> None:
    failing |= set(REPORTS)
    places, warnings = packed(tmp_path)
    assert (places, len(warnings)) == ([], 4)
    assert list((tmp_path / "bundle" / "artifacts").iterdir()) == []


@pytest.mark.usefixtures("_size")
def test_a_bundle_that_cannot_be_written_is_still_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", encoding="utf-8")
    (tmp_path / "artifacts").write_text("in the way", encoding="utf-8")
    with ReportArchive(tmp_path, Redactor.none(), ReadOptions()) as archive:
        archive.add("a", source(tmp_path / "a"))
        with pytest.raises(OSError, match="File exists"):
            archive.finish()
