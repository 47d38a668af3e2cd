"""Collect: read reports and what CI says into a bundle. Needs no key, no product and no network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final
from uuid import uuid4

from onetest_ci.bundle.bundle import ARTIFACTS, ATTACHMENTS, Bundle, is_bundle
from onetest_ci.bundle.file_store import FileStore, NotStored, OfVersionControl
from onetest_ci.bundle.items import ITEMS, ItemWriter
from onetest_ci.bundle.records import StoredFile
from onetest_ci.ci.context import CIContext
from onetest_ci.ci.path_map import OUT_OF_REACH
from onetest_ci.collect.attachments import AttachmentCopier, AttachmentRoots
from onetest_ci.collect.checkout_names import CheckoutNames
from onetest_ci.collect.items import CollectedItems
from onetest_ci.collect.launch_header import launch_header
from onetest_ci.collect.report_archive import ReportArchive
from onetest_ci.collect.report_problems import absence_notices, read_options, reading_problems
from onetest_ci.collect.source_files import PythonFiles
from onetest_ci.collect.stale_reports import Snapshot
from onetest_ci.collect.test_command import CASE_NAME, CommandResult, case_of, ended_with
from onetest_ci.errors import ReportError, bundle_not_written
from onetest_ci.model import Case, Suite
from onetest_ci.notices import Notice, Notices
from onetest_ci.redaction import Redactor
from onetest_ci.reports import Counts, FoundFile, FoundFiles, ReportSet, Skipped, find, read_reports
from onetest_ci.reports.confined import confined
from onetest_ci.reports.excluded_directories import VERSION_CONTROL
from onetest_ci.settings.collection import CollectSettings

_NUMBERED_NAME: Final = 240

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Collected:
    """A complete bundle and what kept reports from being read.

    Attributes:
        bundle: holds all that was read.
        problems: an error for each report that was not read to its end, and one when there are no tests.
        test_exit_code: exit code of the test command, as far as it is known; else 0.
    """

    bundle: Bundle
    problems: tuple[ReportError, ...]
    test_exit_code: int


@dataclass(frozen=True, slots=True)
class TestRun:
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
) -> Collected:
    """Read the reports that the settings name and write a bundle.

    Args:
        settings: files, artifacts, and what the launch is called.
        context: what CI says.
        redact: removes the run's secrets.
        directory: where the bundle goes; made when missing, else it must be empty.
        cwd: what relative paths start from.
        clock: epoch seconds.
        tests: the command that wrote the reports, if this process ran it.

    Raises:
        BundleError: the bundle cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return _collect(settings, context, redact, directory, cwd=cwd, clock=clock, tests=tests)
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
) -> Collected:
    notices = Notices()
    before = tests.before if tests else None
    notices.add(*(Notice("setting", text) for text in settings.warnings))
    found = confined(_find(settings.files, directory, cwd), settings.root_of("files"))
    if before:
        found = before.refuse_stale(found)
    named = (*settings.files, *settings.artifacts)
    notices.add(
        *(
            Notice("out-of-reach", f"{pattern}: {OUT_OF_REACH}.", pattern)
            for pattern in named
            if context.is_out_of_reach(pattern)
        )
    )
    workspace = context.workspace_or(cwd)
    places = (workspace, cwd)
    writer = ItemWriter(directory)
    attachments = FileStore(directory, ATTACHMENTS, places, redact, closed=VERSION_CONTROL)
    artifacts = _artifact_store(settings, redact, directory, places)
    names = CheckoutNames(
        bases=places,
        style=settings.code_ref_style,
        redact=redact,
        translate=context.here,
        python_files=PythonFiles(workspace),
    )
    copier = AttachmentCopier(attachments, names, is_out_of_reach=context.is_out_of_reach, notify=notices.add)
    items = CollectedItems(writer, names, copier)
    options = read_options(settings, before)
    roots = AttachmentRoots(attachments)
    roots.add_all(found.files, options)

    def take(file: FoundFile, records: Sequence[Suite | Case]) -> None:
        roots.add(file)
        items.add(file, records)

    with ReportArchive(directory, redact, options) as archive:
        read = read_reports(found, take, options, lambda file, source: archive.add(file.display, source))
        # Before the case of the test command, which no test case is to name.
        unlinkable = items.unlinkable.notices()
        result = _command_result(settings, tests)
        own = case_of(result, read, redact, allow_empty=settings.allow_empty) if result else None
        if own is not None:
            items.add(FoundFile(cwd, CASE_NAME), (own,))
        writer.close()
        reports, said_of_reports = archive.finish()
    problems = reading_problems(read, allow_empty=settings.allow_empty, tests_needed=True)
    notices.add(*absence_notices(read, problems))
    notices.add(*(notice.about(row.path) for row in read.files for notice in row.notices))
    taken = {file.name for file in reports}
    further, said_of_further = _further_files(settings, redact, artifacts, directory, cwd=cwd, taken=taken)
    notices.add(*said_of_reports, *said_of_further, *unlinkable)
    start_ms, end_ms = _times(items, read, clock)
    totals = read.totals + Counts(tests=1, errors=1) if own else read.totals
    header = launch_header(settings, context, redact, uuid=str(uuid4()), start_ms=start_ms, end_ms=end_ms)
    manifest = replace(
        header,
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
        artifacts=(*reports, *further),
        failures=items.totals.failures,
        notices=notices.all(),
    )
    bundle = Bundle.write(directory, manifest.redacted(redact))
    return Collected(bundle, tuple(problems), result.exit_code if result else 0)


def _command_result(settings: CollectSettings, tests: TestRun | None) -> CommandResult | None:
    """Return how the tests ended: the command of this run, else the one of an earlier step if it failed."""
    code = settings.test_exit_code
    if code and not (tests and tests.result.exit_code):
        return ended_with(code)
    return tests.result if tests else None


def _find(patterns: Sequence[str], directory: Path, cwd: Path) -> FoundFiles:
    """Files that the patterns name, but for those in bundles: an earlier run is no part of this one."""

    @cache
    def in_bundle(folder: Path) -> bool:
        ours = folder == directory or (is_bundle(folder) and (folder / ITEMS).is_file())
        return ours or (folder != folder.parent and in_bundle(folder.parent))

    found = find(patterns, root=cwd)
    # A name that is not UTF-8 opens the file as it is, but can be neither stored nor sent.
    shown = [replace(file, display=file.display.encode("utf-8", "replace").decode()) for file in found.files]
    files = [file for file in shown if file.explicit or not in_bundle(file.path.parent)]
    kept = {file.path for file in files}
    ours = (Skipped(file.display, "of an earlier run's bundle") for file in shown if file.path not in kept)
    return replace(found, files=tuple(files), skipped=(*found.skipped, *ours))


def _artifact_store(
    settings: CollectSettings, redact: Redactor, directory: Path, places: tuple[Path, ...]
) -> FileStore:
    """Return the store for the files that the user names besides reports.

    A person may name version control; a file that comes with the code under test may not.
    """
    root = settings.root_of("artifacts")
    if root is None:
        return FileStore(directory, ARTIFACTS, places, redact)
    return FileStore(directory, ARTIFACTS, (root,), redact, closed=VERSION_CONTROL)


def _further_files(
    settings: CollectSettings,
    redact: Redactor,
    store: FileStore,
    directory: Path,
    *,
    cwd: Path,
    taken: set[str],
) -> tuple[list[StoredFile], list[Notice]]:
    """Store the files that the user names besides reports, under names that are not taken.

    Returns:
        The stored files, and notices.
    """
    if not settings.artifacts:
        return [], []
    found = _find(settings.artifacts, directory, cwd)
    stored: list[StoredFile] = []
    notices = [Notice("no-artifacts", f"--artifacts: {problem.message}") for problem in found.unmatched]
    if found.left_out:
        notices.append(
            Notice(
                "artifacts-left-out",
                "--artifacts: directories of version control, virtual environments or installed packages are "
                f"not searched: {found.left_out:,}. Name one to search it.",
            )
        )
    closed: list[str] = []
    for file in found.files:
        try:
            one = store.add(store.find(str(file.path), (cwd,)), redact(file.display))
        except OfVersionControl:
            closed.append(file.display)
            continue
        except NotStored as reason:
            notices.append(Notice("artifact", f"Artifact {file.display}: {reason}.", file.display))
            continue
        one = one._replace(name=_free_name(one.name, taken))
        taken.add(one.name)
        stored.append(one)
    if closed:
        notices.append(
            Notice(
                "artifacts-of-version-control",
                "--artifacts: files of version control are left out, since .onetest.yml names them: "
                f"{len(closed):,}, such as {closed[0]}. Name them in the CI configuration.",
            )
        )
    return stored, notices


def _free_name(name: str, taken: set[str]) -> str:
    """The name, numbered where another file has it already."""
    numbered = (f"{number}_{name[-_NUMBERED_NAME:]}" for number in range(2, len(taken) + 3))
    return next(free for free in (name, *numbered) if free not in taken)


def _times(items: CollectedItems, read: ReportSet, clock: Clock) -> tuple[int, int]:
    """Start and end in epoch milliseconds: from the reports where they tell, else ending now."""
    seconds = read.totals.seconds
    now = clock()
    start, end = items.totals.span or (now - seconds, now)
    return int(start * 1000), int(end * 1000)
