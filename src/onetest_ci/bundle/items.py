"""Write and read the suites and cases of a bundle: one a line, a suite before its children."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from msgspec.structs import astuple

from onetest_ci.bundle.digests import HashingWriter
from onetest_ci.bundle.records import FileDigest, StoredCase, StoredFile
from onetest_ci.bundle.schema import (
    ENCODER,
    GLANCE_DECODER,
    LINE_DECODER,
    CaseRow,
    Line,
    SuiteRow,
    check_attempts,
    check_bounds,
    decoded,
)
from onetest_ci.errors import BundleError, bundle_not_written
from onetest_ci.model import Case, Suite, new_record, with_texts
from onetest_ci.text.characters import replace_lone_surrogates

ITEMS: Final = "items.jsonl"

# Far more than collect writes, and less than would fill the memory: an untrusted author chose the lengths.
_LONGEST_LINE: Final = 64 * 1024 * 1024
# The same limit as for reports.
_DEEPEST_SUITE: Final = 500
_WRITTEN_AT: Final = 64 * 1024
_STORED_FILE: Final = re.compile(r"(attachments|artifacts)/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
_SHA256: Final = re.compile("[0-9a-f]{64}")
_CASE_FIELDS: Final = len(Case._fields)

Skip = Callable[[Any], bool]
"""Chooses a case by its ``CaseGlance``."""


class ItemWriter:
    """Appends suites and cases to a new bundle.

    Args:
        directory: the bundle, which must exist.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = (directory / ITEMS).open("xb")
        self._hashing = HashingWriter(self._file)
        self._waiting = bytearray()

    def write(self, items: Sequence[Suite | StoredCase]) -> None:
        """Append suites and cases; a suite comes before what is in it."""
        try:
            self._waiting += ENCODER.encode_lines(_lines(items))
        except UnicodeEncodeError:
            # A lone surrogate, which is not valid in UTF-8, becomes a question mark.
            self._waiting += ENCODER.encode_lines(_lines(with_texts(tuple(items), replace_lone_surrogates)))
        if len(self._waiting) >= _WRITTEN_AT:
            self._flush()

    def _flush(self) -> None:
        try:
            self._hashing.write(self._waiting)
        except OSError as problem:
            raise bundle_not_written(self._directory, problem) from None
        self._waiting.clear()

    @property
    def digest(self) -> FileDigest:
        """Digest of the items, once the writer is closed."""
        return self._hashing.digest(ITEMS)

    def close(self) -> None:
        """Write the rest and close the file."""
        self._flush()
        try:
            self._file.close()
        except OSError as problem:
            raise bundle_not_written(self._directory, problem) from None


def _lines(items: Iterable[Suite | StoredCase]) -> list[Any]:
    return [
        Line(SuiteRow(*item)) if isinstance(item, Suite) else Line(None, CaseRow(*item[0], item[1], item[2]))
        for item in items
    ]


def read_items(directory: Path, skip: Skip | None = None) -> Iterator[Suite | StoredCase]:
    """Yield the suites and cases of a bundle, in the order of the reports.

    Each is in a suite of an earlier line, so there is no cycle, and the depth is bounded.

    Args:
        directory: of the bundle.
        skip: chooses cases that are left out, without reading the rest of them.

    Raises:
        BundleError: the items are missing or damaged.
    """
    line_number = 0
    depths: dict[int | None, int] = {None: 0}
    try:
        with (directory / ITEMS).open("rb") as file:
            while line := file.readline(_LONGEST_LINE):
                line_number += 1
                if skip is None or not _is_skipped(line, skip):
                    yield _item(line, depths)
    except (OSError, ValueError) as problem:
        raise _damaged(directory, line_number, problem) from None


def read_items_on(directory: Path, lines: Iterable[int]) -> Iterator[Suite | StoredCase]:
    """Yield the suites and cases on some lines, as ``read_items`` does. The other lines are passed over.

    Args:
        directory: of the bundle.
        lines: their numbers, from 0, in their order.

    Raises:
        BundleError: the items are missing or damaged.
    """
    line_number = 0
    depths: dict[int | None, int] = {None: 0}
    try:
        with (directory / ITEMS).open("rb") as file:
            for number in lines:
                line = next(islice(file, number - line_number, None), b"")
                line_number = number + 1
                yield _item(line, depths)
    except (OSError, ValueError) as problem:
        raise _damaged(directory, line_number, problem) from None


def _damaged(directory: Path, line_number: int, problem: Exception) -> BundleError:
    return BundleError(
        "bad-bundle",
        f"{directory / ITEMS} is missing or damaged (line {line_number}): {problem}.",
        "Collect the reports again.",
    )


def _is_skipped(line: bytes, skip: Skip) -> bool:
    case = decoded(GLANCE_DECODER, line).case
    return case is not None and skip(case)


def _item(line: bytes, depths: dict[int | None, int]) -> Suite | StoredCase:
    """Return the suite or case of a line. ``depths`` contains the suites before it; a new one is added."""
    if len(line) == _LONGEST_LINE:
        raise ValueError(f"it is longer than {_LONGEST_LINE:,} bytes")
    content = decoded(LINE_DECODER, line)
    row = content.case
    if (row is None) == (content.suite is None):
        raise ValueError("it is not one suite or one case")
    if row is None:
        return _placed(Suite(*astuple(content.suite)), depths)
    if row.suite not in depths:
        raise ValueError(f"no suite {row.suite} came before")
    case: Case = new_record(Case, astuple(row)[:_CASE_FIELDS])
    if row.attempts:
        check_attempts(case)
    for file in row.files:
        check_place(file)
        check_bounds(file.size)
    stored: StoredCase = new_record(StoredCase, (case, row.code_ref, row.files))
    return stored


def _placed(suite: Suite, depths: dict[int | None, int]) -> Suite:
    if suite.parent not in depths:
        raise ValueError(f"no suite {suite.parent} came before")
    depth = depths[suite.parent] + 1
    if suite.ordinal in depths or depth > _DEEPEST_SUITE:
        raise ValueError("the suite occurs twice, or is nested too deep")
    depths[suite.ordinal] = depth
    return suite


def check_place(file: StoredFile) -> None:
    """Check the place of a stored file.

    Raises:
        ValueError: a bundle stores no file there.
    """
    if not _STORED_FILE.fullmatch(file.file):
        raise ValueError(f"the place {file.file[:200]!r} is not one of a bundle")


def check_digest(digest: FileDigest) -> None:
    """Check a digest, and that its place is that of the items or of a stored file.

    Raises:
        ValueError: one of them is wrong.
    """
    if digest.file != ITEMS and not _STORED_FILE.fullmatch(digest.file):
        raise ValueError(f"the place {digest.file[:200]!r} is not one of a bundle")
    if digest.size < 0 or not _SHA256.fullmatch(digest.sha256):
        raise ValueError(f"the digest of {digest.file} is not one")
