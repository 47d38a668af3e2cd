"""Reports inside gzip files and zip archives, read where they lie: nothing is ever unpacked to disk.

What is expanded is counted: a small file that would become an endless report is refused (``Budget``).
"""

import gzip
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, Final, Protocol, cast

from onetest_ci.errors import ReportError

MOST_MEMBERS: Final = 50_000
"""Members of a zip; the directory of more would take much memory before the first is read."""

FREE_BYTES: Final = 256 * 1024 * 1024
MOST_GROWTH: Final = 200
"""An archive may expand to ``FREE_BYTES``, or to this many times its size (reports: 8 to 40)."""

_DIRECTORY_BYTES: Final = 128 * MOST_MEMBERS
_END_RECORD: Final = 22
_END_RECORD_64: Final = 56 + 20
_LONGEST_COMMENT: Final = 65_535
_ENCRYPTED: Final = 0x1
_NO_YEAR: Final = 1980
_FIELD_HEAD: Final = 4
_EXTENDED_TIMESTAMP: Final = 0x5455
_FLAGS_AND_TIME: Final = 5
_BROKEN: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError)
_OUTSIDE: Final = re.compile(r"(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/]|^[A-Za-z]:")


class Budget:
    """Limits how far the parts of one archive may expand together.

    Args:
        size: bytes of the archive.
    """

    def __init__(self, size: int) -> None:
        self._most = max(FREE_BYTES, MOST_GROWTH * size)
        self._spent = 0

    def spend(self, size: int) -> None:
        """Count bytes that came out of the archive.

        Raises:
            ReportError: ``archive-bomb``.
        """
        self._spent += size
        if self._spent > self._most:
            raise ReportError(
                "archive-bomb",
                f"it expands to more than {self._most >> 20:,} MiB.",
                f"Reports never pack over {MOST_GROWTH} to 1: see what made it, or name them unpacked.",
            )


class _Expanding(Protocol):
    def read1(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class Expanded:
    """The bytes of a compressed report, as a file that can be read and rewound.

    Args:
        open_stream: opens what expands it.
        budget: what it may expand to.
    """

    def __init__(self, open_stream: Callable[[], _Expanding], budget: Budget) -> None:
        self._open = open_stream
        self._budget = budget
        self._stream: _Expanding | None = None
        self._place = self._furthest = 0

    def read(self, size: int = -1, /) -> bytes:
        """Return at most ``size`` bytes; empty at the end.

        Raises:
            ReportError: ``broken-archive``, ``archive-bomb``.
        """
        try:
            if self._stream is None:
                self._stream = self._open()
            # read() would lose what it has when the file breaks off.
            data = self._stream.read1(size)
        except NotImplementedError:
            raise ReportError(
                "unsupported-archive",
                "it is compressed in a way that is not read.",
                "Pack it with deflate, as zip does by default.",
            ) from None
        except _BROKEN as problem:
            raise ReportError(
                "broken-archive",
                f"it cannot be expanded to its end: {str(problem)[:200] or type(problem).__name__}.",
                "The archive is damaged or was cut off; make it again, or name the reports unpacked.",
            ) from None
        self._place += len(data)
        if self._place > self._furthest:
            self._budget.spend(self._place - self._furthest)
            self._furthest = self._place
        return data

    def seek(self, offset: int, /) -> object:
        """Go back to the start, the only allowed place. Bytes that are expanded again do not count again."""
        assert offset == 0  # noqa: S101 - no caller seeks elsewhere
        self.close()
        self._place = 0
        return offset

    def close(self) -> None:
        """Close the stream."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def expand_gzip(file: BinaryIO) -> Expanded:
    """Return the content of an open gzip file, which stays open."""

    def start() -> gzip.GzipFile:
        file.seek(0)
        return gzip.GzipFile(fileobj=file)

    return Expanded(start, Budget(_size(file)))


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a zip.

    Attributes:
        name: in the archive; one that comes again is numbered.
        index: its place in the zip's directory.
        outside: its name leads out of the archive. This is noted; it has no effect, as nothing is unpacked.
        encrypted: it can be read with a password only.
        written: when it was last written, in epoch seconds; None if the archive does not contain it.
    """

    name: str
    index: int
    outside: bool
    encrypted: bool
    written: float | None


class ZipReports:
    """A zip archive of reports.

    Args:
        file: the open archive, which stays open.

    Raises:
        ReportError: ``broken-archive``, ``archive-bomb``.
    """

    def __init__(self, file: BinaryIO) -> None:
        try:
            _check_directory(file)
            self._zip = zipfile.ZipFile(file)
        except (*_BROKEN, NotImplementedError) as problem:
            raise ReportError(
                "broken-archive",
                f"it is not a complete zip archive: {str(problem)[:200]}.",
                "It is damaged or was cut off; make it again, or name the reports unpacked.",
            ) from None
        self._budget = Budget(_size(file))

    def members(self) -> Iterator[Member]:
        """Yield the files in the archive in their order, without directories, links and devices."""
        seen: dict[str, int] = {}
        for index, info in enumerate(self._zip.infolist()):
            mode = info.external_attr >> 16
            if info.filename.endswith("/") or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
                continue
            name = info.filename.replace("\\", "/") or f"member {index + 1}"
            times = seen[name] = seen.get(name, 0) + 1
            shown = f"{name}#{times}" if times > 1 else name
            yield Member(
                shown,
                index,
                outside=bool(_OUTSIDE.search(info.filename)),
                encrypted=bool(info.flag_bits & _ENCRYPTED),
                written=_written(info),
            )

    def open(self, index: int) -> Expanded:
        """Return the content of the member at an index of the directory."""
        info = self._zip.infolist()[index]

        def open_stream() -> _Expanding:
            # Other methods are rare, and lzma uses as much memory as the archive declares.
            if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise NotImplementedError
            return cast("zipfile.ZipExtFile", self._zip.open(info))

        return Expanded(open_stream, self._budget)

    def close(self) -> None:
        """Close the stream."""
        self._zip.close()


def _written(info: zipfile.ZipInfo) -> float | None:
    """Return when a member was last written, in epoch seconds: exact where the archive contains it in UTC.

    The other time has no zone: of the local one and UTC, the later counts. Tools that make equal archives of
    equal files write 1980 (Gradle's ``preserveFileTimestamps = false``), which means no time.
    """
    if (exact := _utc_time(info.extra)) is not None:
        return exact
    if info.date_time[0] <= _NO_YEAR:
        return None
    try:
        local = datetime(*info.date_time)  # noqa: DTZ001 - the zone is the question
        return max(local.timestamp(), local.replace(tzinfo=UTC).timestamp())
    except (ValueError, OverflowError, OSError):
        return None


def _utc_time(extra: bytes) -> float | None:
    """Return the time in the field "extended timestamp" (Info-ZIP's ``proginfo/extrafld.txt``)."""
    while len(extra) >= _FIELD_HEAD:
        kind, length = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        body = extra[_FIELD_HEAD : _FIELD_HEAD + length]
        if kind == _EXTENDED_TIMESTAMP and len(body) >= _FLAGS_AND_TIME and body[0] & 1:
            return float(int.from_bytes(body[1:_FLAGS_AND_TIME], "little", signed=True))
        extra = extra[_FIELD_HEAD + length :]
    return None


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _check_directory(file: BinaryIO) -> None:
    """Refuse a directory that would take much memory: it is loaded before the first member can be read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _LONGEST_COMMENT - _END_RECORD - _END_RECORD_64))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END_RECORD:
        raise zipfile.BadZipFile("its directory is missing")
    members = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    # What is over 4 GiB has a second, larger record before the first, with a pointer between them.
    large = tail[max(0, at - _END_RECORD_64) : at]
    if large.startswith(b"PK\x06\x06"):
        members = int.from_bytes(large[32:40], "little")
        directory = int.from_bytes(large[40:48], "little")
    if members > MOST_MEMBERS or directory > _DIRECTORY_BYTES:
        raise ReportError(
            "archive-bomb",
            f"it has more than {MOST_MEMBERS:,} members.",
            "Name the reports unpacked, or pack them in several archives.",
        )
