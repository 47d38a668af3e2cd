"""Read the test cases that an earlier ``cases list --format json`` wrote.

Anybody may have edited the file, so its size and the type of each value are checked.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec.json import Decoder

from onetest_ci.bundle.schema import decoded
from onetest_ci.case_links import ManagedCase
from onetest_ci.errors import UsageProblem
from onetest_ci.onetest.ids import usable_id
from onetest_ci.safe_open import open_regular
from onetest_ci.text.characters import encoding_of

MAX_BYTES: Final = 256 * 1024 * 1024
"""Size of the largest file that is read. 50,000 test cases have 15 MB."""

_HINT: Final = "Write the file with `onetest-ci cases list --format json > FILE`."
_Text = str | None
_ROW: Final = msgspec.defstruct(
    "TestCase",
    [("id", str | int, ""), *((name, _Text, None) for name in ManagedCase._fields[1:])],
    gc=False,
)
_DECODER: Final[Decoder[Any]] = Decoder(msgspec.defstruct("TestCases", [("cases", list[_ROW])]))  # type: ignore[valid-type]


def read_cases(path: Path) -> list[ManagedCase]:
    """Return the test cases of a file.

    Raises:
        UsageProblem: ``bad-cases-file``.
    """
    try:
        with open_regular(path) as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as problem:
        raise _bad(path, f"cannot be read: {getattr(problem, 'strerror', '') or problem}") from None
    if len(content) > MAX_BYTES:
        raise _bad(path, f"has more than {MAX_BYTES:,} bytes")
    try:
        # Redirected by PowerShell, the file is UTF-16.
        encoding = encoding_of(content[:4])
        if encoding != "utf-8":
            content = content.decode(encoding).encode()
        rows = decoded(_DECODER, content).cases
    except ValueError as problem:
        raise _bad(path, f"does not contain test cases: {problem}") from None
    return list(_cases(rows))


def _cases(rows: Iterable[Any]) -> Iterator[ManagedCase]:
    # Thousands of cases share a few types, priorities, categories and statuses.
    shared: dict[str, str] = {"": ""}
    keep = shared.setdefault
    for row in rows:
        execution_type, priority = row.execution_type or "", row.priority or ""
        category, status = row.test_category or "", row.status or ""
        yield ManagedCase(
            usable_id(row.id),
            row.title or "",
            row.automation_test_id or "",
            row.identifier or "",
            keep(execution_type, execution_type),
            keep(priority, priority),
            keep(category, category),
            keep(status, status),
        )


def _bad(path: Path, what: str) -> UsageProblem:
    return UsageProblem("bad-cases-file", f"The file {path} {what}.", _HINT)
