"""The bytes of reports once more, as they were written, for whoever wants to keep them."""

from pathlib import Path
from typing import IO, Self

from onetest_ci.errors import ReportError
from onetest_ci.reports.archives import GZIP_MAGIC, Expanded, ZipReports, expand_gzip
from onetest_ci.reports.rows import Source


class RawReports:
    """Opens reports that were read, expanded where they are packed; a context manager.

    One is open at a time, and an archive stays open from one of its reports to the next.
    """

    def __init__(self) -> None:
        self._archive: tuple[Path, ZipReports] | None = None
        self._open: IO[bytes] | Expanded | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._close()
        if self._archive is not None:
            self._archive[1].close()

    def open(self, source: Source) -> "RawReport":
        """The bytes of one report; good until the next is opened.

        Raises:
            OSError: the file is gone or not to be read.
        """
        self._close()
        if source.member is not None:
            self._open = self._zip(source.path).open(source.member)
        else:
            self._open = source.path.open("rb")
            if self._open.read(len(GZIP_MAGIC)) == GZIP_MAGIC:
                self._close()
                self._open = expand_gzip(source.path)
            else:
                self._open.seek(0)
        return RawReport(self._open)

    def _zip(self, path: Path) -> ZipReports:
        if self._archive is None or self._archive[0] != path:
            if self._archive is not None:
                self._archive[1].close()
            self._archive = path, ZipReports(path)
        return self._archive[1]

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()


class RawReport:
    """The bytes of one report, as far as they can be had: reading has told already where it breaks."""

    def __init__(self, stream: IO[bytes] | Expanded) -> None:
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most so many; empty at the end."""
        try:
            return self._stream.read(size)
        except ReportError:
            return b""

    def seek(self, offset: int, /) -> object:
        """Go back to the start: ``offset`` is 0."""
        return self._stream.seek(offset)
