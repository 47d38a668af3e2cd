"""``docs/schemas/onetest-quarantine-yml.schema.json`` accepts and refuses what the command does."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator

from onetest_ci.results.quarantine_file import MAX_ENTRIES, BadList, parse

DOCS: Final = Path(__file__).parents[2] / "docs"
SCHEMA: Final = json.loads(
    (DOCS / "schemas" / "onetest-quarantine-yml.schema.json").read_text(encoding="utf-8")
)
ENTRY: Final = {"name": "checkout > pays*", "reason": "the sandbox is down", "expires": "2026-12-31"}
ROWS: Final[tuple[Any, ...]] = (None, "abc", [], {}, ENTRY)
VALUES: Final[tuple[Any, ...]] = (
    *("abc", "a*c?e", "größe", "ab", "**", "", " ", "a b", "2026-12-31", "2026-1-1", "x" * 1000, "x" * 1001),
    *(None, ["abc"], {"a": "abc"}),
)


def without(key: str) -> dict[str, str]:
    return {name: value for name, value in ENTRY.items() if name != key}


DOCUMENTS: Final[list[Any]] = [
    *(None, {}, [], "tests", {"tests": None}, {"tests": []}, {"tests": {}}, {"tests": [], "more": []}),
    *({"tests": [row]} for row in ROWS),
    *({"tests": [without(key)]} for key in ENTRY),
    *(
        {"tests": [ENTRY | {key: value}]}
        for key in ("name", "reason", "owner", "expires", "more")
        for value in VALUES
    ),
    *({"tests": [without("name") | {"code_ref": value}]} for value in VALUES),
    {"tests": [ENTRY | {"code_ref": "tests/test_a.py:test_b"}]},
    {"tests": [ENTRY | {"name": f"test number {number}"} for number in range(MAX_ENTRIES)]},
    {"tests": [ENTRY | {"name": f"test number {number}"} for number in range(MAX_ENTRIES + 1)]},
]


def accepted(document: Any) -> bool:
    """Return whether the command takes a list without a fault."""
    try:
        return not parse(yaml.safe_dump(document, allow_unicode=True).encode()).faults
    except BadList:
        return False


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"].endswith("/docs/schemas/onetest-quarantine-yml.schema.json")
    assert SCHEMA["$id"] in (DOCS / "how-to" / "quarantine.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: repr(document)[:80])
def test_the_schema_and_the_command_agree(document: Any) -> None:
    assert Draft202012Validator(SCHEMA).is_valid(document) == accepted(document)


def test_both_are_tried_on_lists_that_are_valid_and_on_others() -> None:
    assert {accepted(document) for document in DOCUMENTS} == {True, False}
