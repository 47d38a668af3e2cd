"""What a launch is marked with."""

from onetest_ci.ci.context import CIContext
from onetest_ci.onetest.limits import ATTRIBUTE, ATTRIBUTES
from onetest_ci.settings import Settings


def launch_attributes(settings: Settings, context: CIContext) -> tuple[tuple[str, str], ...]:
    """The user's attributes, then what CI tells; cut to what OneTest takes (docs/onetest-api.md#limits)."""
    told = [*settings.attribute, *context.attributes()]
    if settings.environment:
        told.append(("env", settings.environment))
    unique = dict.fromkeys(
        (settings.redact(key)[:ATTRIBUTE], settings.redact(value)[:ATTRIBUTE]) for key, value in told
    )
    return tuple(unique)[:ATTRIBUTES]
