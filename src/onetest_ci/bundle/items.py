"""The suites and cases of a bundle: one a line, a suite before what is in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from msgspec.structs import astuple

from onetest_ci.bundle.records import StoredCase, StoredFile
from onetest_ci.bundle.shape import (
    ENCODER,
    LINE_SHAPE,
    CaseRow,
    SuiteRow,
    check_attempts,
    check_bounds,
    decoded,
)
from onetest_ci.errors import BundleError, bundle_not_written
from onetest_ci.model import Case, Suite, with_texts
from onetest_ci.redaction import Redactor

ITEMS: Final = "items.jsonl"

# Far more than collect writes, and less than would fill a memory: whoever made the bundle chose the lengths.
_LONGEST_LINE: Final = 64 * 1024 * 1024
# As deep as reports are read.
_DEEPEST_SUITE: Final = 500
_WRITTEN_AT: Final = 64 * 1024
_STORED_FILE: Final = re.compile(r"(attachments|artifacts)/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
_CASE_FIELDS: Final = len(Case._fields)
_new = tuple.__new__  # A NamedTuple's own constructor costs twice as much, once for each test.


class ItemWriter:
    """Appends suites and cases to a new bundle.

    Args:
        directory: the bundle; must exist.
        redact: removes the run's keys from what the reports say.
    """

    def __init__(self, directory: Path, redact: Redactor) -> None:
        self._redact = redact
        self._directory = directory
        self._file = (directory / ITEMS).open("xb")
        self._waiting = bytearray()

    def suite(self, suite: Suite) -> None:
        """Write a suite."""
        self._write("suite", SuiteRow, suite)

    def case(self, case: Case, code_ref: str, files: tuple[StoredFile, ...]) -> None:
        """Write a case and what its ``StoredCase`` adds."""
        self._write("case", CaseRow, (*case, code_ref, files))

    def _write(self, kind: str, row: Any, values: tuple[Any, ...]) -> None:
        try:
            line = ENCODER.encode({kind: row(*values)})
        except UnicodeEncodeError:
            # What UTF-8 cannot carry, half a character, becomes a question mark.
            line = ENCODER.encode({kind: row(*with_texts(values, _encodable))})
        self._waiting += line
        self._waiting += b"\n"
        if len(self._waiting) >= _WRITTEN_AT:
            self._flush()

    def _flush(self) -> None:
        try:
            self._file.write(self._redact.encoded(self._waiting))
        except OSError as problem:
            raise bundle_not_written(self._directory, problem) from None
        self._waiting.clear()

    def close(self) -> None:
        """Flush to disk."""
        self._flush()
        try:
            self._file.close()
        except OSError as problem:
            raise bundle_not_written(self._directory, problem) from None


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def read_items(directory: Path) -> Iterator[Suite | StoredCase]:
    """Suites and cases of a bundle, in the order of the reports.

    Raises:
        BundleError: they are missing or damaged.
    """
    line_number = 0
    tree = _Tree()
    try:
        with (directory / ITEMS).open("rb") as lines:
            for line_number, line in enumerate(_lines(lines), 1):  # noqa: B007 - the error names the line
                yield tree.item(decoded(LINE_SHAPE, line))
    except (OSError, ValueError) as problem:
        raise BundleError(
            "bad-bundle",
            f"{directory / ITEMS} is missing or damaged (line {line_number}): {problem}.",
            "Collect the reports again.",
        ) from None


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise ValueError(f"it is longer than {_LONGEST_LINE:,} bytes")
        yield line


def check_place(file: StoredFile) -> None:
    """Look at where a stored file is said to be.

    Raises:
        ValueError: it is no place that a bundle stores a file at.
    """
    if not _STORED_FILE.fullmatch(file.file):
        raise ValueError(f"the place {file.file[:200]!r} is not one of a bundle")


class _Tree:
    """Makes suites and cases of lines, each in a suite that came before: no cycle, and bounded in depth."""

    def __init__(self) -> None:
        self._depths: dict[int | None, int] = {None: 0}

    def item(self, line: Any) -> Suite | StoredCase:
        """Make what a line says.

        Raises:
            ValueError: it says nothing or two things, or what it says has no place among those before.
        """
        case, suite = line.case, line.suite
        if case is not None and suite is None:
            return self._case(astuple(case))
        if suite is not None and case is None:
            return self._suite(Suite(*astuple(suite)))
        raise ValueError("it is not one suite or one case")

    def _suite(self, suite: Suite) -> Suite:
        depth = self._depth(suite.parent) + 1
        if suite.ordinal in self._depths or depth > _DEEPEST_SUITE:
            raise ValueError("the suite was there before, or is nested too deep")
        self._depths[suite.ordinal] = depth
        return suite

    def _case(self, row: tuple[Any, ...]) -> StoredCase:
        *_, code_ref, files = row
        case: Case = _new(Case, row[:_CASE_FIELDS])
        if case.attempts:
            check_attempts(case)
        for file in files:
            check_place(file)
            check_bounds(file.size)
        self._depth(case.suite)
        return StoredCase(case, code_ref, files)

    def _depth(self, ordinal: int | None) -> int:
        depth = self._depths.get(ordinal)
        if depth is None:
            raise ValueError(f"no suite {ordinal} came before")
        return depth
