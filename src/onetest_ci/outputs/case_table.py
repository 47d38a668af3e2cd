"""Show test cases as a table for a terminal, and as CSV for a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

from onetest_ci.case_links import ManagedCase
from onetest_ci.text.characters import UNPRINTABLE
from onetest_ci.text.escape import one_line

_HEADER: Final = ("Number", "Id", "Type", "Priority", "Title", "References")
_MOST_WIDTH: Final = 60

_UNPRINTABLE: Final = re.compile(f"[{UNPRINTABLE}]+")
# Characters with which a formula begins in a spreadsheet, also in full width (OWASP, "CSV Injection").
_FORMULA: Final = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_BLANKS: Final = frozenset("\t\r")
"""A spreadsheet may drop one of these at the start of a cell, and evaluate the rest."""
_LENGTHS: Final = {"title": 1000, "automation_test_id": 2000}
"""Characters of a cell, so that a row fits into a line. JSON has the whole texts."""
_LONGEST_CELL: Final = 100


def text_table(cases: Sequence[ManagedCase]) -> Iterator[str]:
    """Yield the lines of a table. Nothing without cases.

    Args:
        cases: without secrets.
    """
    if not cases:
        return
    rows = [_HEADER, *map(_row, cases)]
    widths = [min(_MOST_WIDTH, max(len(row[column]) for row in rows)) for column in range(len(_HEADER) - 1)]
    for *cells, last in rows:
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        yield "  ".join((*padded, last)).rstrip()


def _row(case: ManagedCase) -> tuple[str, ...]:
    return (
        one_line(case.identifier, 40),
        one_line(case.id, 40),
        one_line(case.execution_type, 20),
        one_line(case.priority, 20),
        one_line(case.title, _MOST_WIDTH),
        one_line(case.automation_test_id, 500),
    )


def csv_lines(cases: Sequence[ManagedCase]) -> Iterator[str]:
    """Yield the lines of a CSV document. A cell that would be a formula begins with an apostrophe.

    Args:
        cases: without secrets.
    """
    yield ",".join(ManagedCase._fields)
    for case in cases:
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(map(csv_cell, ManagedCase._fields, case))
        yield line.getvalue()


def csv_cell(name: str, text: str) -> str:
    """Return a text as a cell of a column: on one line, and never a formula."""
    limit = _LENGTHS.get(name, _LONGEST_CELL)
    flat = _UNPRINTABLE.sub(" ", text)
    is_formula = _FORMULA.match(flat) or text[:1] in _BLANKS
    cut = flat if len(flat) <= limit else f"{flat[: limit - 1]}…"
    return f"'{cut}" if is_formula else cut
