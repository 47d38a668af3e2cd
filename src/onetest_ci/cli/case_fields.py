"""The options that hold the fields of a test case, of `cases create` and `cases update`."""

from collections.abc import Callable
from typing import Any, Final

import click

from onetest_ci.errors import UsageProblem
from onetest_ci.limits import CODE_REF, clean

TITLE: Final = 500
"""Characters of a title (assumed)."""

_SHORT: Final = 50
FIELDS: Final = ("title", "priority", "execution_type", "automation_test_id", "test_category")
"""Names of click's values for the fields."""

_OPTIONS: Final = (
    click.option(
        "--priority", metavar="TEXT", help="Priority, as the product spells it: p1, P1. Sent unchanged."
    ),
    click.option(
        "--execution-type",
        metavar="TEXT",
        help="`manual`, `automated`, or another type of the product.",
    ),
    click.option(
        "--automation-test-id",
        metavar="TEXT",
        help="References of the tests whose results belong to the case, as `tests/test_a.py:TestA.test_b`; "
        "separated by spaces.",
    ),
    click.option("--test-category", metavar="TEXT", help="Category, as the product spells it."),
)


def field_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a command with the options of all fields but the title."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def fields_of(values: dict[str, str | None]) -> dict[str, str]:
    """Return the fields that a person set.

    Raises:
        UsageProblem: ``bad-option``: a value is blank or too long.
    """
    limits = {"title": TITLE, "automation_test_id": CODE_REF}
    fields = {}
    for name, value in values.items():
        if value is None:
            continue
        text, limit = clean(value).strip(), limits.get(name, _SHORT)
        # An empty text removes references, and leaves a case without a title.
        if len(text) > limit or (not text and name != "automation_test_id"):
            raise UsageProblem(
                "bad-option",
                f"--{name.replace('_', '-')}: the value is not allowed.",
                f"Allowed: 1 to {limit} characters.",
            )
        fields[name] = text
    return fields
