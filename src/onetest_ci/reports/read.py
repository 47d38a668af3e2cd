"""Reads one file: it returns a row, or a row for each report in an archive."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from onetest_ci.errors import ReportError
from onetest_ci.model import Case, Suite
from onetest_ci.notices import Notice
from onetest_ci.reports.case_names import CaseNames
from onetest_ci.reports.counts import Counts
from onetest_ci.reports.detection import format_of, pinned_format, read_head, report_beside
from onetest_ci.reports.engine.format import Format
from onetest_ci.reports.engine.head import FileHints, Head
from onetest_ci.reports.engine.reading import ByteStream, Reading, untallied
from onetest_ci.reports.engine.text import DEFAULT_LIMIT
from onetest_ci.reports.find import FoundFile
from onetest_ci.reports.packed import GZIP_MAGIC, ZIP_MAGICS
from onetest_ci.reports.rejection import (
    error_for,
    is_named_as_report,
    lacking,
    may_hold_failure,
    skip_reason,
)
from onetest_ci.reports.results import FileReport, ReportSet, Skipped, Source
from onetest_ci.safe_open import FileIdentity, open_regular

if TYPE_CHECKING:
    from onetest_ci.reports.archives import Member, ZipReports

Sink = Callable[[FoundFile, Sequence[Suite | Case]], None]
"""Receives records as they are read, some at a time, with the file they come from."""
Begun = Callable[[FoundFile, Source], None]
"""Receives each report before it is read: the file, and where its bytes are."""

Step = Callable[[float], None]
"""Receives, now and then, which share of a file or directory was read, from 0 to 1."""

_NO_NAMES: Final = frozenset[int]()
_ALLURE_ENDINGS: Final = ("-container.json", "-globals.json")
_ALLURE_NAMES: Final = frozenset({"categories.json", "executor.json"})

_OUTSIDE = Notice(
    "name-in-archive", "its name leads out of the archive, which has no effect since nothing is unpacked"
)


class ReadOptions(NamedTuple):
    """How reports are read.

    Attributes:
        text_limit: characters kept of one text.
        format: name of the format that every file is of; empty to go by each file's content.
        merge_by_name: see ``Reading``.
        named: collect the names of the tests, so that reports of several formats can be compared.
        judge_age: returns the error for a report in a zip archive that is too old, by its displayed path and
            when it was written, in epoch seconds. None accepts any age.
    """

    text_limit: int = DEFAULT_LIMIT
    format: str = ""
    merge_by_name: bool = True
    named: bool = False
    judge_age: Callable[[str, float], ReportError | None] | None = None


AS_THEY_ARE = ReadOptions()


def read_file(
    file: FoundFile,
    sink: Sink | None = None,
    options: ReadOptions = AS_THEY_ARE,
    begun: Begun | None = None,
    step: Step | None = None,
) -> ReportSet:
    """Read one file. Errors in it are returned, never raised.

    A file that the user did not name and that is not a report counts as skipped. A zip archive has a row for
    each report in it.

    Args:
        file: what to read.
        sink: receives the records; None only counts.
        options: how to read it.
        begun: called for each report before it is read.
        step: called while the file is read.
    """
    if file.error is not None:
        return _failed(file, file.error)
    try:
        return _FileReader(sink, options, begun).read(file, step)
    except OSError as error:
        return _failed(file, _unreadable(file.display, error))
    except ReportError as error:
        return _damaged(file, error, explicit=file.explicit)


class _IsReport(Exception):
    """The file is a report; nothing more of it is read."""


def holds_report(file: FoundFile, options: ReadOptions = AS_THEY_ARE) -> bool:
    """Return whether a file is a report or an archive that holds one. A pinned format has no effect."""

    def stop(_file: FoundFile, _source: Source) -> None:
        raise _IsReport

    if file.error is not None:
        return False
    try:
        _FileReader(None, options._replace(format=""), stop).read(file)
    except _IsReport:
        return True
    except (OSError, ReportError):
        pass
    return False


class _FileReader(NamedTuple):
    sink: Sink | None
    options: ReadOptions
    begun: Begun | None
    step: Callable[[], None] | None = None

    def read(self, file: FoundFile, step: Step | None = None) -> ReportSet:
        with open_regular(file.path) as stream:
            if step is None:
                return self.read_open(file, stream)
            size = max(1, os.fstat(stream.fileno()).st_size)
            stepping = self._replace(step=lambda: step(stream.tell() / size))
            return stepping.read_open(file, stream)

    def read_open(self, file: FoundFile, stream: BinaryIO) -> ReportSet:
        magic = stream.read(4)
        stream.seek(0)
        # Many files are zip archives by their content: libraries, documents, traces.
        if magic in ZIP_MAGICS and (file.explicit or file.path.suffix.lower() == ".zip"):
            return self._archive(file, stream)
        source = Source(file.path, FileIdentity.of_open(stream))
        if magic.startswith(GZIP_MAGIC):
            # Late, since few reports are packed.
            from onetest_ci.reports.archives import expand_gzip  # noqa: PLC0415

            with closing(expand_gzip(stream)) as expanded:
                return self._stream(file, source, expanded)
        return self._stream(file, source, stream)

    def _archive(self, file: FoundFile, stream: BinaryIO) -> ReportSet:
        # Late, since few reports are packed.
        from onetest_ci.reports.archives import ZipReports  # noqa: PLC0415

        identity = FileIdentity.of_open(stream)
        with closing(ZipReports(stream)) as archive:
            found = ReportSet.of(
                self._member(file, archive, member, Source(file.path, identity, member.index))
                for member in archive.members()
            )
        if found.files:
            return found if file.stale is None else _failed(file, file.stale)
        if file.explicit:
            return ReportSet.of((found, _failed(file, _no_reports(file, found.skipped))))
        if any(one.doubtful for one in found.named):
            return found
        return ReportSet.without(Skipped(file.display, "a zip file without reports"))

    def _member(self, file: FoundFile, archive: "ZipReports", member: "Member", source: Source) -> ReportSet:
        display = f"{file.display}!{member.name}"
        stale = file.stale or self._too_old(display, member)
        inner = file._replace(display=display, explicit=False, stale=stale)
        if member.encrypted:
            return _damaged(inner, _encrypted(), explicit=file.explicit)
        with closing(archive.open(member.index)) as stream:
            try:
                read = self._stream(inner, source, stream)
            except ReportError as error:
                return _damaged(inner, error, explicit=file.explicit)
        return _with_notice(read, _OUTSIDE) if member.outside else read

    def _too_old(self, display: str, member: "Member") -> ReportError | None:
        judge, written = self.options.judge_age, member.written
        return None if judge is None or written is None else judge(display, written)

    def _stream(self, file: FoundFile, source: Source, stream: ByteStream) -> ReportSet:
        head = read_head(stream, FileHints.of(file.display, named=file.explicit))
        name = self.options.format
        report_format = pinned_format(name, head) if name else format_of(head)
        if report_format is not None:
            if file.stale is not None:
                return _failed(file, file.stale)
            return ReportSet((self._report(file, source, stream, report_format, head),))
        error = error_for(file.display, head)
        if error is not None:
            return _failed(file, error)
        reason, doubtful = skip_reason(head)
        in_doubt = file.stale is None and (
            doubtful or (may_hold_failure(head) and not _is_of_allure(file.path))
        )
        return ReportSet.without(Skipped(file.display, reason, doubtful, in_doubt))

    def _report(
        self, file: FoundFile, source: Source, stream: ByteStream, report_format: Format, head: Head
    ) -> FileReport:
        sink = self.sink
        if self.begun is not None:
            self.begun(file, source._replace(confidential=report_format.confidential))
        reading = Reading(
            file.display,
            self.options.text_limit,
            counting=sink is None and not self.options.named,
            merge_by_name=self.options.merge_by_name,
            start=head.json.start if head.json is not None else 0,
            # A user who pins the format has chosen the report in the file.
            find_report=None if self.options.format else report_beside,
        )
        counts, names = Counts(), CaseNames()
        restarts = 0
        for records in report_format.read(stream, reading):
            if reading.counting and reading.restarts != restarts:
                counts, names, restarts = Counts(), CaseNames(), reading.restarts
            counts.add_all(records)
            if self.step is not None:
                self.step()
            if self.options.named:
                names.add(untallied(records))
            if sink is not None:
                sink(file, untallied(records))
        _check_whole(reading, report_format)
        if self.options.format and not counts.tests:
            _check_pinned(reading, report_format, head)
        return FileReport(
            file.display,
            report_format.name,
            counts,
            reading.truncated,
            reading.notices,
            reading.error,
            reading.merged,
            frozenset(names.numbers) if self.options.named else _NO_NAMES,
        )


def _with_notice(read: ReportSet, notice: Notice) -> ReportSet:
    rows = (row._replace(notices=(*row.notices, notice)) for row in read.files)
    return read._replace(files=tuple(rows))


def _check_whole(reading: Reading, report_format: Format) -> None:
    """Fail a report that was read to its end if it is not complete, or not the only one in its file."""
    if reading.error is not None:
        return
    if reading.names and report_format.needs:
        names = {name.rpartition(":")[2] for name in reading.names if name}
        if names.isdisjoint(report_format.needs):
            needs = ", ".join(report_format.needs)
            reading.fail(lacking(reading.path, report_format, f"has none of {needs}"), truncated=False)
    if reading.other_report:
        reading.fail(
            ReportError(
                "several-documents",
                f"{reading.path} holds another report ({reading.other_report}) beside the one that is read "
                f"({report_format.title}).",
                "Write each report into a file of its own. If the file holds only one, name its format, as "
                f"with --report-format {report_format.name}.",
            )
        )


def _check_pinned(reading: Reading, report_format: Format, head: Head) -> None:
    """Fail a file that has no test of the pinned format and is a report of another one."""
    found = format_of(head)
    if reading.error is None and found is not None and found.name != report_format.name:
        title = report_format.title
        reading.fail(
            ReportError(
                "incomplete-report",
                f"{reading.path} contains no test of {title}, and looks like {found.title}.",
                f"Leave out --report-format {report_format.name}: it counts for all files.",
            ),
            truncated=False,
        )


def _no_reports(file: FoundFile, others: int) -> ReportError:
    return ReportError(
        "no-reports",
        f"{file.display} holds no test report ({others:,} files of another kind).",
        "Name an archive of reports. Archives inside an archive are not read.",
    )


def _encrypted() -> ReportError:
    return ReportError(
        "encrypted-archive",
        "it is encrypted.",
        "Name the reports unpacked, or pack them without a password.",
    )


def _is_of_allure(path: Path) -> bool:
    """Return whether a file is one that Allure keeps beside results. Its failures of fixtures are read."""
    named = path.name.endswith(_ALLURE_ENDINGS) or path.name in _ALLURE_NAMES or "-attachment" in path.name
    return named and next(path.parent.glob("*-result.json"), None) is not None


def _damaged(file: FoundFile, error: ReportError, *, explicit: bool) -> ReportSet:
    """Return the set of a file that cannot be read: an error if it was named, or has a report's extension."""
    if explicit or is_named_as_report(FileHints.of(file.display, named=explicit).suffix):
        return _failed(file, _about(file, error))
    return ReportSet.without(
        Skipped(file.display, error.message, doubtful=True, may_hold_failure=file.stale is None)
    )


def _failed(file: FoundFile, error: ReportError) -> ReportSet:
    return ReportSet((FileReport(file.display, "", Counts(), error=error),))


def _about(file: FoundFile, error: ReportError) -> ReportError:
    return ReportError(error.code, f"{file.display}: {error.message}", error.hint)


def _unreadable(path: str, error: OSError) -> ReportError:
    return ReportError(
        "unreadable-file",
        f"{path} cannot be read: {error.strerror or error}.",
        "Check the permissions of the file and of its directories.",
    )
