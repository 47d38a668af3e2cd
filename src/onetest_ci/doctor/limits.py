"""Limits, coins and the clock, as far as responses contain them.

No source documents headers or members about them (docs/onetest-api.md#coins-and-limits).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from onetest_ci.doctor.asking import Asked
from onetest_ci.doctor.connection import skew
from onetest_ci.doctor.finding import Area, Finding, note

_ABOUT_LIMITS: Final = re.compile("rate-?limit|coin|quota|budget|credit|retry-after", re.IGNORECASE)
_SHOWN: Final = 20
_DEPTH: Final = 3
_LONGEST: Final = 100


def limits(asked: Sequence[Asked]) -> Iterator[Finding]:
    """Yield headers and members about limits and coins, and whether this machine's clock is right."""
    responded = [one for one in asked if one.probed.response is not None]
    if not responded:
        return
    first = responded[0].probed
    yield from skew(dict(first.headers).get("date", ""), first.before, first.after)
    found = limit_values(asked)
    if found:
        shown = ", ".join(f"{name}: {value}" for name, value in found[:_SHOWN])
        yield note(Area.LIMITS, "limits", f"Responses contain {shown}.")
    else:
        yield note(Area.LIMITS, "no-limits", "No response contains anything about limits or coins.")


def limit_values(asked: Sequence[Asked]) -> list[tuple[str, str]]:
    """Return names and values about limits and coins: headers, then members; the last value of each name."""
    found: dict[str, str] = {}
    for one in asked:
        found |= {name: value for name, value in one.probed.headers if _ABOUT_LIMITS.search(name)}
    for one in asked:
        found |= dict(_members(one.probed.body, _DEPTH))
    return list(found.items())


def _members(body: object, depth: int) -> Iterator[tuple[str, str]]:
    """Yield members of a JSON object that hold a number or a short text about limits."""
    if not isinstance(body, dict) or not depth:
        return
    for name, value in body.items():
        if isinstance(value, dict):
            yield from _members(value, depth - 1)
        elif (
            _ABOUT_LIMITS.search(name)
            and isinstance(value, str | int | float)
            and len(str(value)) <= _LONGEST
        ):
            yield name, str(value)
