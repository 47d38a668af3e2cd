"""Rules of RSpec's reports that the kept reports do not show."""

import json
from typing import Any

import pytest

from support.reading import Read, read_report


def rspec(*examples: dict[str, Any], **members: Any) -> Read:
    return read_report(
        json.dumps({"version": "3.12.0", "summary_line": "x", "examples": examples, **members})
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("passed", "passed"),
        ("Failed", "failed"),
        ("pending", "skipped"),
        (None, "error"),
        ("aborted", "error"),
    ],
)
def test_statuses(status: str | None, expected: str) -> None:
    assert rspec({"description": "a", "status": status}).case.status == expected


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("\nAn error occurred while loading ./spec/a_spec.rb.\nNameError", "spec/a_spec.rb"),
        ("An error occurred while loading ./spec/a_spec.rb. - Did you mean?", "spec/a_spec.rb"),
        ("While loading ./spec/a_spec.rb an `exit` / `raise SystemExit` occurred", "spec/a_spec.rb"),
        ("An error occurred in an `after(:suite)` hook.\nNameError", "after(:suite) hook"),
        ("An error occurred in an example.", "errors outside of examples"),
    ],
)
def test_each_error_outside_of_examples_is_named_after_its_place(message: str, name: str) -> None:
    read = rspec(messages=["Run options: x", message, 7], summary={"errors_outside_of_examples_count": 1})
    assert read.statuses == [(name, "error")]


def test_what_is_an_error_does_not_depend_on_the_limit_of_texts() -> None:
    message = "An error occurred while loading ./spec/a_spec.rb.\n" + "x" * 100
    document = json.dumps(
        {"version": "3.12.0", "summary_line": "x", "examples": [], "messages": [message, message]}
    )
    assert read_report(document, text_limit=20).statuses == [("spec/a_spec.rb", "error")] * 2


def test_errors_that_old_versions_do_not_count_are_errors_too() -> None:
    assert (
        rspec(messages=["An error occurred in an `after(:context)` hook."], summary={}).case.status == "error"
    )


def test_a_failure_outside_does_not_explain_one_that_no_example_shows() -> None:
    summary = {"failure_count": 1, "errors_outside_of_examples_count": 1}
    assert len(rspec({"description": "a", "status": "passed"}, summary=summary).cases) == 3
