"""The tables of what each format contains, from the `FEATURES` of the formats, and of the recorded runs.

    PYTHONPATH=src:tests python tests/support/format_table.py

writes the tables into ``docs/reference/formats.md``, between their marks.
"""

from importlib import import_module
from pathlib import Path
from typing import Final

from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.table import FORMATS
from support import recorded_runs

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"
BEGIN: Final = "<!-- table -->\n"
END: Final = "<!-- end of table -->\n"
BEGIN_OF_RUNS: Final = "<!-- recorded runs -->\n"
END_OF_RUNS: Final = "<!-- end of recorded runs -->\n"
ABSENT: Final = "-"
HEADS: Final = {
    "code_ref": "code ref",
    "retries": "how a retry is recognised",
    "outside": "failures outside of tests",
    "totals": "totals that count as evidence",
}
"""Heads of columns that differ from the name of the field."""


def features_of(module: str) -> FormatFeatures:
    """Return the features that a format's module declares."""
    features = import_module(f"onetest_ci.reports.formats.{module}").FEATURES
    assert isinstance(features, FormatFeatures)
    return features


def table() -> str:
    """Return the rows, in the order of ``FORMATS``."""
    heads = ("format", "`--report-format`", *(HEADS.get(name, name) for name in FormatFeatures._fields))
    rows = [heads, (":---",) * len(heads)]
    for report_format in FORMATS:
        cells = (cell.replace("|", "\\|") or ABSENT for cell in features_of(report_format.module))
        rows.append((report_format.title, f"`{report_format.name}`", *cells))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def document() -> str:
    """Return the document with the tables of today's features and recorded runs."""
    with_features = _with(DOCUMENT.read_text(encoding="utf-8"), BEGIN, table(), END)
    return _with(with_features, BEGIN_OF_RUNS, recorded_runs.table(), END_OF_RUNS)


def _with(text: str, begin: str, content: str, end: str) -> str:
    before, _, rest = text.partition(begin)
    return before + begin + content + end + rest.partition(end)[2]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
