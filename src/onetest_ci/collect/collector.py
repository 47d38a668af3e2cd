"""Read reports into a bundle. Needs no key, no product and no network."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from msgspec.structs import replace

from onetest_ci.bundle.bundle import ATTACHMENTS, Bundle
from onetest_ci.bundle.file_store import FileStore
from onetest_ci.bundle.items import ItemWriter
from onetest_ci.ci.context import CIContext
from onetest_ci.ci.path_map import OUT_OF_REACH
from onetest_ci.collect.artifacts import store_artifacts
from onetest_ci.collect.attachments import AttachmentCopier, AttachmentRoots
from onetest_ci.collect.checkout_names import CheckoutNames
from onetest_ci.collect.found_files import find_outside_bundles
from onetest_ci.collect.items import CollectedItems
from onetest_ci.collect.launch_header import launch_header
from onetest_ci.collect.report_archive import ReportArchive
from onetest_ci.collect.report_problems import absence_notices, read_options, reading_problems
from onetest_ci.collect.stale_reports import Snapshot
from onetest_ci.collect.test_command import CASE_NAME, CommandResult, case_of, ended_with
from onetest_ci.errors import ReportError, bundle_not_written
from onetest_ci.model import Case, Suite
from onetest_ci.notices import Notice, Notices
from onetest_ci.redaction import Redactor
from onetest_ci.reports import Counts, FoundFile, FoundFiles, ReadOptions, ReportSet, read_reports
from onetest_ci.reports.confined import confined
from onetest_ci.reports.excluded_directories import VERSION_CONTROL
from onetest_ci.reports.progress import Shown
from onetest_ci.results.notable_lines import NotableLines
from onetest_ci.settings.collection import CollectSettings

Clock = Callable[[], float]


class Collected(NamedTuple):
    """A complete bundle, and the errors of its reports.

    Attributes:
        bundle: contains all results that were read.
        problems: an error for each report that was not read to its end, and one if there are no tests.
        test_exit_code: exit code of the test command; 0 if none is known.
        has_command_case: whether a case in error stands for the test command.
        unaccounted: the first of the files that are not reports and may hold a failure; empty if none may.
        notable: where the items hold the tests that people look at. None if that is not known.
    """

    bundle: Bundle
    problems: tuple[ReportError, ...]
    test_exit_code: int
    has_command_case: bool = False
    unaccounted: str = ""
    notable: NotableLines | None = None


class TestRun(NamedTuple):
    """A test command that ran to its end before the reports are read.

    Attributes:
        result: how it ended.
        before: the files from before it started. None accepts reports of any age.
    """

    result: CommandResult
    before: Snapshot | None


def collect(
    settings: CollectSettings,
    context: CIContext,
    redact: Redactor,
    directory: Path,
    *,
    cwd: Path,
    clock: Clock,
    tests: TestRun | None = None,
    shown: Shown | None = None,
) -> Collected:
    """Read the reports that the settings name, and write a bundle.

    Args:
        settings: reports, artifacts, and the description of the launch.
        context: the CI run.
        redact: removes the run's secrets.
        directory: the bundle's directory. It is created if it is missing, else it must be empty.
        cwd: the directory that relative paths start from.
        clock: returns epoch seconds.
        tests: the command that wrote the reports, if this process ran it.
        shown: shows how far reading has come, if it takes long.

    Raises:
        BundleError: the bundle cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return _collect(settings, context, redact, directory, cwd=cwd, clock=clock, tests=tests, shown=shown)
    except OSError as problem:
        raise bundle_not_written(directory, problem) from None


def _collect(
    settings: CollectSettings,
    context: CIContext,
    redact: Redactor,
    directory: Path,
    *,
    cwd: Path,
    clock: Clock,
    tests: TestRun | None,
    shown: Shown | None,
) -> Collected:
    notices = Notices()
    notices.add(*_setting_notices(settings, context))
    before = tests.before if tests else None
    found = _find_reports(settings, directory, cwd, before)
    names = CheckoutNames.of(settings, context, redact, cwd)
    bases = names.bases
    writer = ItemWriter(directory)
    attachments = FileStore(directory, ATTACHMENTS, bases, redact, closed=VERSION_CONTROL)
    copier = AttachmentCopier(attachments, names, is_out_of_reach=context.is_out_of_reach, notify=notices.add)
    items = CollectedItems(writer, names, copier)
    options = read_options(settings, before)
    with ReportArchive(directory, redact, options) as archive:
        read = _read(found, options, items, attachments, archive, shown=shown)
        # 100,000 files take 90 MB, which the manifest needs.
        del found
        # Without the case of the test command, which no test case is to name.
        unlinkable = items.unlinkable.notices()
        result = _command_result(settings, tests)
        own = case_of(result, read, redact, allow_empty=settings.allow_empty) if result else None
        if own is not None:
            items.add(FoundFile(cwd, CASE_NAME), (own,))
        writer.close()
        archives, archive_notices = archive.finish()
    problems = reading_problems(read, allow_empty=settings.allow_empty, tests_needed=True)
    notices.add(*absence_notices(read, problems))
    notices.add(*(notice.about(row.path) for row in read.files for notice in row.notices))
    taken = {file.name for file in archives}
    artifacts = store_artifacts(settings, redact, directory, bases=bases, cwd=cwd, taken=taken)
    notices.add(*archive_notices, *artifacts.notices, *unlinkable)
    totals = read.totals
    start_ms, end_ms = _times(items, totals.seconds, clock)
    if own:
        totals += Counts(tests=1, errors=1)
    manifest = replace(
        launch_header(settings, context, redact, uuid=str(uuid4()), start_ms=start_ms, end_ms=end_ms),
        untrusted=context.untrusted,
        reports=tuple(row.as_dict() for row in read.files),
        totals=totals.as_dict(),
        files=(writer.digest, *attachments.digests, *archive.digests, *artifacts.digests),
        skipped_files=read.skipped,
        not_reports=tuple(file.as_dict() for file in read.named),
        left_out_directories=read.left_out,
        suites=items.suites,
        flat_suites=tuple(sorted(items.flat.places)),
        cases=items.totals.cases,
        log_entries=items.totals.log_entries,
        attachment_bytes=items.totals.attachment_bytes,
        superseded=tuple(items.totals.superseded),
        artifacts=(*archives, *artifacts.files),
        failures=items.totals.failures,
        notices=notices.all(),
    ).redacted(redact)
    unaccounted = next((one.path for one in read.named if one.may_hold_failure), "")
    # Their rows take memory, and writing reads the manifest again.
    del read
    bundle = Bundle.write(directory, manifest)
    exit_code = result.exit_code if result else 0
    return Collected(
        bundle,
        tuple(problems),
        exit_code,
        own is not None,
        redact.text(unaccounted),
        items.totals.noted.lines,
    )


def _setting_notices(settings: CollectSettings, context: CIContext) -> Iterator[Notice]:
    """Yield a notice for each value that does not count, and for each path that cannot be read."""
    for text in settings.warnings:
        yield Notice("setting", text)
    for pattern in (*settings.files, *settings.artifacts):
        if context.is_out_of_reach(pattern):
            yield Notice("out-of-reach", f"{pattern}: {OUT_OF_REACH}.", pattern)


def _find_reports(
    settings: CollectSettings, directory: Path, cwd: Path, before: Snapshot | None
) -> FoundFiles:
    """Return the files that the settings name as reports; stale ones are marked."""
    found = confined(find_outside_bundles(settings.files, directory, cwd), settings.root_of("files"))
    return before.refuse_stale(found) if before else found


def _read(
    found: FoundFiles,
    options: ReadOptions,
    items: CollectedItems,
    attachments: FileStore,
    archive: ReportArchive,
    *,
    shown: Shown | None,
) -> ReportSet:
    """Read the reports into the bundle's items and archive; their directories may contain attachments."""
    roots = AttachmentRoots(attachments)
    roots.add_all(found.files, options)

    def add(file: FoundFile, records: Sequence[Suite | Case]) -> None:
        roots.add(file)
        items.add(file, records)

    return read_reports(found, add, options, lambda file, source: archive.add(file.display, source), shown)


def _command_result(settings: CollectSettings, tests: TestRun | None) -> CommandResult | None:
    """Return the result of this run's test command, or of an earlier step's if only that failed."""
    code = settings.test_exit_code
    if code and not (tests and tests.result.exit_code):
        return ended_with(code)
    return tests.result if tests else None


def _times(items: CollectedItems, seconds: float, clock: Clock) -> tuple[int, int]:
    """Return start and end in epoch milliseconds; without times in the reports, the end is now."""
    now = clock()
    start, end = items.totals.span or (now - seconds, now)
    return int(start * 1000), int(end * 1000)
