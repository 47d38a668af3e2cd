"""Find and read the files of ``--baseline``. One that cannot be used leaves a note, and never an error."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.reports.globs import globbed, is_glob
from onetest_ci.results.baseline import Compared, History, Run
from onetest_ci.results.run_results import BaselineFile, Change, Listed, ShownTest, TestResult
from onetest_ci.results.saved import MOST_TESTS, RunHeader, Saved, UnusableResults, open_saved, rows_of
from onetest_ci.results.summarize import KEPT, Show, shown
from onetest_ci.safe_open import open_regular

MOST_FILES: Final = 100
"""Files of one run's baseline."""

Fingerprints = Mapping[Path, bytes]
"""Files and hashes of their content."""


class Baseline(NamedTuple):
    """The saved results that a run is compared with.

    Attributes:
        history: the newest result of each test. None if no file can be used.
        files: that were read, the newest first.
        facts: the same files, for people.
        notes: sentences on files that are not used.
    """

    history: History | None
    files: tuple[Saved, ...]
    facts: tuple[BaselineFile, ...]
    notes: tuple[str, ...]


def found_files(patterns: Sequence[str], cwd: Path, *, most: int = MOST_FILES) -> dict[Path, str]:
    """Return the files that the patterns match, by path, each as the user named it.

    Of each glob these are at most one file more than ``most``.
    """
    found: dict[Path, str] = {}
    for pattern in patterns:
        if is_glob(pattern) and not (cwd / pattern).exists():
            entries = (entry for _, matches in globbed(cwd, pattern) for entry in matches)
            matched = ((Path(entry.path), display) for entry, display in islice(entries, most + 1))
            for path, display in sorted(matched):
                found.setdefault(path, display)
        else:
            found.setdefault(cwd / pattern, pattern)
    return found


def fingerprints(patterns: Sequence[str], cwd: Path) -> Fingerprints:
    """Return the files as they are now, so that a later call can find those that the tests changed."""
    return {path: found for path in found_files(patterns, cwd) if (found := _fingerprint(path))}


def _fingerprint(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return b""


def read_baseline(
    patterns: Sequence[str],
    cwd: Path,
    *,
    before: Fingerprints | None = None,
    refused: Callable[[RunHeader], str] = lambda _: "",
) -> Baseline:
    """Read the files of a baseline. Those that cannot be used become notes.

    Args:
        patterns: files and globs.
        cwd: the directory that they start from.
        before: the files as they were before the tests ran, which must not have changed. None if unknown.
        refused: returns why the results of a run must not be used; empty if they may be.
    """
    notes: list[str] = []
    files: list[tuple[Saved, str]] = []
    found = found_files(patterns, cwd)
    if not found:
        notes.append(f"No file matches {', '.join(patterns)}")
    for path, display in found.items():
        try:
            _check_file(path, before, len(files))
            files.append((_opened(path, refused), display))
        except UnusableResults as problem:
            notes.append(f"{display} is not used: {problem}")
    files.sort(key=lambda one: -one[0].header.time)
    used: list[tuple[Saved, BaselineFile]] = []
    history = History(_runs(files, used, notes))
    return Baseline(
        history if used else None,
        tuple(saved for saved, _ in used),
        tuple(facts for _, facts in used),
        tuple(notes),
    )


def _opened(path: Path, refused: Callable[[RunHeader], str]) -> Saved:
    saved = open_saved(path)
    if why := refused(saved.header):
        raise UnusableResults(why)
    return saved


def _check_file(path: Path, before: Fingerprints | None, used: int) -> None:
    if used == MOST_FILES:
        raise UnusableResults(f"a baseline has at most {MOST_FILES} files")
    if before is not None and before.get(path, b"") != _fingerprint(path):
        raise UnusableResults("it changed while the tests ran")


def _check_run(run: Run, tests_before: int) -> None:
    if run.count + tests_before > MOST_TESTS:
        raise UnusableResults(f"all files together contain more than {MOST_TESTS:,} tests")
    if not any(one.counts for tests in run.tests.values() for one in tests):
        raise UnusableResults("it contains no result of a report that was read to its end")


def _runs(
    files: Iterable[tuple[Saved, str]], used: list[tuple[Saved, BaselineFile]], notes: list[str]
) -> Iterator[Run]:
    """Yield the runs of the files that can be used, and add these to ``used``. Add a note for any other."""
    total = 0
    for saved, display in files:
        try:
            run = Run(saved.reports, rows_of(saved), len(used), is_whole=saved.header.complete)
            _check_run(run, total)
            total += run.count
        except UnusableResults as problem:
            notes.append(f"{display} is not used: {problem}")
            continue
        header = saved.header
        used.append((saved, BaselineFile(display, header.time, header.commit, header.branch, run.count)))
        yield run


def vanished_tests(baseline: Baseline, compared: Compared, show: Show | None = None) -> Listed:
    """Return the tests that vanished, from the files that contain them.

    Raises:
        UnusableResults: a file was changed since it was read.
    """
    wanted: dict[int, set[int]] = {}
    for run, row in compared.vanished[:KEPT]:
        wanted.setdefault(run, set()).add(row)
    tests: list[ShownTest] = []
    for run, rows in wanted.items():
        for number, (test, _) in enumerate(rows_of(baseline.files[run])):
            if number in rows:
                tests.append(_vanished(test, show or shown))
    return Listed(tuple(tests), len(compared.vanished))


def _vanished(test: TestResult, show: Show) -> ShownTest:
    # Its message and its trace are those of an earlier run.
    return show(test._replace(message="", details=""))._replace(change=Change.VANISHED)
