"""The tables of quirks: each row rewrites its example, which its source contains."""

import html
from pathlib import Path
from typing import Any, Final

import pytest

from onetest_ci.code_ref import quirks
from onetest_ci.code_ref.parameters import without_parameters
from onetest_ci.code_ref.quirk import LoneClass, Parameters, Quirk, rewritten

DATA = Path(__file__).parents[1] / "data"

TABLES: Final[dict[str, tuple[Quirk[Any, Any], ...]]] = {
    **{classname: (quirk,) for classname, quirk in quirks.CLASSNAMES.items()},
    "tests": quirks.TESTS,
    "lone classes": quirks.LONE_CLASSES,
    "classes": quirks.CLASSES,
    "methods": quirks.METHODS,
    "lone methods": quirks.LONE_METHODS,
    "methods in classes": quirks.METHODS_IN_CLASSES,
}
PARAMETERS: Final = (*quirks.DATA_ROWS, *quirks.ARGUMENTS)


@pytest.mark.parametrize(
    ("name", "quirk"),
    [(name, quirk) for name, table in TABLES.items() for quirk in table],
    ids=lambda one: getattr(one, "producer", one),
)
def test_a_row_rewrites_its_example(name: str, quirk: Quirk[Any, Any]) -> None:
    part, wanted = quirk.example
    if isinstance(part, LoneClass):
        part = part._replace(bases=((DATA / quirk.source).parents[1] / "suite",))

    assert next(row for row in TABLES[name] if row.match(part)) is quirk
    assert rewritten(TABLES[name], part) == wanted
    assert quirk.mark in (part if isinstance(part, str) else getattr(part, "name", ""))


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.producer)
def test_a_row_removes_the_parameters_of_its_example(row: Parameters) -> None:
    name, method = row.example
    for suffix in row.suffixes or ("", ".py", ".java"):
        assert without_parameters(name, suffix) == method
    assert row.mark in name


@pytest.mark.parametrize(
    "row",
    [*(quirk for table in TABLES.values() for quirk in table), *PARAMETERS],
    ids=lambda row: row.producer,
)
def test_the_source_contains_the_example(row: Quirk[Any, Any] | Parameters) -> None:
    source = html.unescape((DATA / row.source).read_text(encoding="utf-8"))
    part = row.example[0]
    spelled = [part] if isinstance(part, str) else [getattr(part, "name", ""), getattr(part, "classname", "")]

    assert any(spelled)
    assert all(text in source for text in spelled)
