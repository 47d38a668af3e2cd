"""The table of what each format tells: made out of what the readers say of themselves, and of their samples.

    PYTHONPATH=src:tests python tests/support/format_table.py

writes it into ``docs/formats.md``, between its marks.
"""

from importlib import import_module
from pathlib import Path
from typing import Final

from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.table import FORMATS

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "formats.md"
BEGIN: Final = "<!-- table -->\n"
END: Final = "<!-- end of table -->\n"
NOT_TOLD: Final = "-"
HEADS: Final = {
    "code_ref": "code ref",
    "retries": "how a retry is recognised",
    "outside": "failures outside of tests",
    "totals": "totals that count as evidence",
}
"""Heads of columns that are not the name of the field."""


def features_of(module: str) -> FormatFeatures:
    """What a reader says of itself."""
    told = import_module(f"onetest_ci.reports.formats.{module}").FEATURES
    assert isinstance(told, FormatFeatures)
    return told


def table() -> str:
    """The rows, in the order in which the formats are asked."""
    heads = ("format", "`--report-format`", *(HEADS.get(name, name) for name in FormatFeatures._fields))
    rows = [heads, (":---",) * len(heads)]
    for report_format in FORMATS:
        cells = (cell.replace("|", "\\|") or NOT_TOLD for cell in features_of(report_format.module))
        rows.append((report_format.title, f"`{report_format.name}`", *cells))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def document() -> str:
    """The document with the table as it is now."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    return before + BEGIN + table() + END + rest.partition(END)[2]


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
