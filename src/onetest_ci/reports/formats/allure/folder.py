"""A directory of Allure's results, which is one report: its retries.

Facts: RetryPlugin and the identity tests of allure2, and directories that allure-pytest 2.16 and the adapters
3.12 for Cypress, Mocha and Playwright wrote:

- ``historyId`` is the same for a test with its parameters: its results are attempts. It is also the same for
  different tests of one name, whose results may overlap in time, and for one test in several suites, as of
  several browsers;
- the adapters for Cypress, Mocha and Playwright give each retry a parameter ``Retry``.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.errors import ReportError
from onetest_ci.model import BAD, SKIPPED
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import JsonStream
from onetest_ci.reports.engine.reading import Reading, Records
from onetest_ci.reports.engine.recorder import Recorder, verdict
from onetest_ci.reports.formats.allure import STATUSES, SUITES, attempt_of, record_case
from onetest_ci.reports.formats.allure.fixtures import Failures, record_fixtures
from onetest_ci.safe_open import open_regular

_MARKED: Final = frozenset({"cypress", "mocha", "playwright"})
"""Frameworks whose adapters mark each retry."""

_NO_TIME: Final = float("-inf")


class _Run(NamedTuple):
    """One result: the facts that decide whether it is an attempt of its test.

    Attributes:
        start: epoch milliseconds; minus infinity if the result does not contain it.
        stop: the same as ``start`` if the result does not contain it.
        path: its file.
        status: its verdict.
        may_retry: whether it can be a retry of an earlier result.
    """

    start: float
    stop: float
    path: Path
    status: str
    may_retry: bool


def read_folder(folder: Path, files: Iterable[Path], reading: Reading) -> Iterator[Records]:
    """Yield the tests of a directory. A broken file is an error, and the others are read.

    Args:
        folder: the directory.
        files: the results in it, which are read in this order, and again in that of the tests.
        reading: collects warnings and the error.
    """
    recorder = Recorder(reading)
    failures = Failures()
    for attempts in _tests(files, reading, failures):
        earlier = [attempt_of(result, recorder) for _, result in documents(attempts[:-1], reading)]
        for _, result in documents(attempts[-1:], reading):
            record_case(result, recorder, earlier)
        yield from _taken(recorder)
    record_fixtures(documents(_beside(folder), reading), failures, recorder)
    yield from _taken(recorder)


def _taken(recorder: Recorder) -> Iterator[Records]:
    if recorder.records:
        yield recorder.records
        recorder.records.clear()


def _beside(folder: Path) -> list[Path]:
    try:
        return sorted((*folder.glob("*-container.json"), *folder.glob("*-globals.json")))
    except OSError:
        return []


def documents(files: Iterable[Path], reading: Reading) -> Iterator[tuple[Path, Fields]]:
    """Yield the objects of files; the first error is noted."""
    for path in files:
        of_file = Reading(f"{reading.path}/{path.name}", reading.text_limit)
        try:
            with open_regular(path) as stream:
                yield path, fields_of(JsonStream(stream, of_file).value(), reading, path.name)
        except ReportError as error:
            if reading.error is None:
                reading.fail(error)
        except OSError as problem:
            if reading.error is None:
                reading.fail(ReportError("unreadable-file", f"{path} cannot be read: {problem.strerror}."))
        reading.add(of_file.notices)


def _tests(files: Iterable[Path], reading: Reading, failures: Failures) -> Iterator[list[Path]]:
    """Yield the files of each test, oldest first, in the order in which the tests began."""
    runs: dict[tuple[object, ...], list[_Run]] = {}
    for path, result in documents(files, reading):
        run = _run(path, result, reading)
        failures.add(result, run.status)
        runs.setdefault(_identity(path, result), []).append(run)
    tests = [test for of_one in runs.values() for test in _separated(sorted(of_one))]
    for test in sorted(tests, key=lambda test: test[0]):
        yield [run.path for run in test]


def _run(path: Path, result: Fields, reading: Reading) -> _Run:
    start, stop = result.number("start"), result.number("stop")
    status = verdict(reading, result.text("status"), STATUSES)
    frameworks = {
        one.text("value").lower() for one in result.objects("labels") if one.text("name") == "framework"
    }
    retries = any(
        one.text("name") == "Retry" and one.flag("excluded") for one in result.objects("parameters")
    )
    start = _NO_TIME if start is None else start
    return _Run(
        start,
        start if stop is None else stop,
        path,
        status,
        may_retry=status != SKIPPED and (retries or frameworks.isdisjoint(_MARKED)),
    )


def _identity(path: Path, result: Fields) -> tuple[object, ...]:
    """Return what all attempts of a test have in common; without a ``historyId``, no two results."""
    history = result.text("historyId")
    parameters = (one for one in result.objects("parameters") if not one.flag("excluded"))
    labels = ((one.text("name"), one.text("value")) for one in result.objects("labels"))
    return (
        history,
        "" if history else str(path),
        result.text("fullName"),
        result.text("testCaseId"),
        tuple(sorted((one.text("name"), one.text("value")) for one in parameters)),
        tuple(sorted(label for label in labels if label[0] in SUITES)),
    )


def _separated(runs: Sequence[_Run]) -> Iterator[list[_Run]]:
    """Split the results of one identity, oldest first, into tests. Only a bad result is retried."""
    ordered = _follow_each_other(runs)
    test: list[_Run] = []
    for run in runs:
        if test and not (ordered and run.may_retry and test[-1].status in BAD):
            yield test
            test = []
        test.append(run)
    if test:
        yield test


def _follow_each_other(runs: Sequence[_Run]) -> bool:
    latest = runs[0].stop
    for before, run in pairwise(runs):
        if run.start < latest or run[:2] == before[:2] or before.start == _NO_TIME:
            return False
        latest = max(latest, run.stop)
    return True
