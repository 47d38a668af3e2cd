"""Opens reports that were read, for their bytes as they were written."""

from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Self

from onetest_ci.errors import ReportError
from onetest_ci.reports.packed import GZIP_MAGIC
from onetest_ci.reports.results import Source
from onetest_ci.safe_open import open_regular

if TYPE_CHECKING:
    from onetest_ci.reports.archives import Expanded, ZipReports


class RawReports:
    """Opens reports that were read, expanded where they are packed; a context manager.

    A file is opened only if it is the one that was read: a link or another file that was put in its place is
    an error. One report is open at a time, and an archive stays open from one of its reports to the next.
    """

    def __init__(self) -> None:
        self._archive: tuple[Path, BinaryIO, ZipReports] | None = None
        self._file: BinaryIO | None = None
        self._expanded: Expanded | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._close()
        self._close_archive()

    def open(self, source: Source) -> "RawReport":
        """Return the bytes of one report; good until the next is opened.

        Raises:
            OSError: the file is gone, is not to be read, or is another one by now.
        """
        self._close()
        if source.member is not None:
            self._expanded = self._zip(source).open(source.member)
            return RawReport(self._expanded)
        self._file = open_regular(source.path, source.identity)
        is_gzip = self._file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        self._file.seek(0)
        if not is_gzip:
            return RawReport(self._file)
        # Late, since few reports are packed.
        from onetest_ci.reports.archives import expand_gzip  # noqa: PLC0415

        self._expanded = expand_gzip(self._file)
        return RawReport(self._expanded)

    def _zip(self, source: Source) -> "ZipReports":
        if self._archive is not None and self._archive[0] == source.path:
            return self._archive[2]
        from onetest_ci.reports.archives import ZipReports  # noqa: PLC0415 - as above

        self._close_archive()
        file = open_regular(source.path, source.identity)
        try:
            self._archive = source.path, file, ZipReports(file)
        except ReportError:
            file.close()
            raise
        return self._archive[2]

    def _close_archive(self) -> None:
        if self._archive is not None:
            _, file, archive = self._archive
            archive.close()
            file.close()
            self._archive = None

    def _close(self) -> None:
        for one in (self._expanded, self._file):
            if one is not None:
                one.close()
        self._expanded = self._file = None


class RawReport:
    """The bytes of one report, up to the place where it breaks: reading has already noted the break."""

    def __init__(self, stream: "IO[bytes] | Expanded") -> None:
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most ``size``; empty at the end."""
        try:
            return self._stream.read(size)
        except ReportError:
            return b""

    def seek(self, offset: int, /) -> object:
        """Go back to the start: ``offset`` is 0."""
        return self._stream.seek(offset)
