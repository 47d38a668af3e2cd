"""A producer's own report and its JUnit report have the same tests, verdicts, attempts and references.

``junit`` in ``expected.json`` names the JUnit report of the same tests, and every exception with its reason;
``tests/data/produced/README.md`` has the form. ``test_produced.py`` holds that the reports are read as
``expected.json`` has them.
"""

from typing import Any

import pytest

from support.two_forms import EXCEPTIONS, KEYS, forms_in, verdicts_in
from support.two_forms import pairs as all_pairs


def pairs() -> list[Any]:
    return [pytest.param(entries, name, id=f"{suite}-{name}") for suite, entries, name in all_pairs()]


@pytest.mark.parametrize(("entries", "name"), pairs())
def test_the_two_forms_are_equal(entries: dict[str, Any], name: str) -> None:
    form = entries[name]["junit"]
    own, junit = forms_in(entries, name)
    assert form.keys() <= KEYS
    assert own.keys() - junit.keys() == form.get("lacks", {}).keys()
    assert junit.keys() - own.keys() == form.get("adds", {}).keys()
    both = own.keys() & junit.keys()
    assert {one for one in both if own[one] != junit[one]} == form.get("differs", {}).keys()
    assert all(reason for some in EXCEPTIONS for reason in form.get(some, {}).values())


@pytest.mark.parametrize(
    ("entries", "name"), [pair for pair in pairs() if "spelled" in pair.values[0][pair.values[1]]["junit"]]
)
def test_references_are_spelled_otherwise_as_far_as_necessary(entries: dict[str, Any], name: str) -> None:
    form = entries[name]["junit"]
    own, respelled, junit = verdicts_in([entries[name]]), *forms_in(entries, name)
    assert form["spelled"]["because"]
    assert respelled.keys() & junit.keys() > own.keys() & junit.keys()
