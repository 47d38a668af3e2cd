"""A producer's own report and its JUnit report have the same tests, verdicts, attempts and references.

``junit`` in ``expected.json`` names the JUnit report of the same run, and every exception with its reason;
``tests/data/produced/README.md`` has the form. ``test_produced.py`` holds that the reports are read as
``expected.json`` has them.
"""

import json
from pathlib import Path
from typing import Any

import pytest

PRODUCED = Path(__file__).parents[1] / "data" / "produced"
EXCEPTIONS = {"lacks", "adds", "differs"}


def pairs() -> list[Any]:
    return [
        pytest.param(entries, name, id=f"{path.parent.name}-{name}")
        for path in sorted(PRODUCED.glob("*/expected.json"))
        for entries in [json.loads(path.read_text(encoding="utf-8"))]
        for name in entries
        if "junit" in entries[name]
    ]


def verdicts_in(entry: dict[str, Any]) -> dict[str, list[tuple[str, int]]]:
    """Return the verdict and the number of attempts of the tests of each reference."""
    found: dict[str, list[tuple[str, int]]] = {}
    for _, status, code_ref, *more in entry["cases"]:
        attempts = more[0].get("attempts", 1) if more else 1
        found.setdefault(code_ref, []).append((status, attempts))
    return {code_ref: sorted(verdicts) for code_ref, verdicts in found.items()}


@pytest.mark.parametrize(("entries", "name"), pairs())
def test_the_two_forms_are_equal(entries: dict[str, Any], name: str) -> None:
    form = entries[name]["junit"]
    own, junit = verdicts_in(entries[name]), verdicts_in(entries[form["report"]])
    assert form.keys() <= {"report", *EXCEPTIONS}
    assert own.keys() - junit.keys() == form.get("lacks", {}).keys()
    assert junit.keys() - own.keys() == form.get("adds", {}).keys()
    both = own.keys() & junit.keys()
    assert {one for one in both if own[one] != junit[one]} == form.get("differs", {}).keys()
    assert all(reason for some in EXCEPTIONS for reason in form.get(some, {}).values())
