"""Limits, coins and the clock, as far as headers of responses contain them.

No source documents such headers (docs/onetest-api.md#coins-and-limits).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from onetest_ci.doctor.asking import Asked
from onetest_ci.doctor.connection import skew
from onetest_ci.doctor.finding import Area, Finding, note

_ABOUT_LIMITS: Final = re.compile("rate-?limit|coin|quota|budget|credit|retry-after", re.IGNORECASE)
_SHOWN: Final = 20


def limits(asked: Sequence[Asked]) -> Iterator[Finding]:
    """Yield the headers about limits and coins, and whether this machine's clock is right."""
    responded = [one for one in asked if one.probed.response is not None]
    if not responded:
        return
    first = responded[0].probed
    yield from skew(dict(first.headers).get("date", ""), first.before, first.after)
    headers = limit_headers(asked)
    if headers:
        shown = ", ".join(f"{name}: {value}" for name, value in headers[:_SHOWN])
        yield note(Area.LIMITS, "limits", f"Responses contain {shown}.")
    else:
        yield note(Area.LIMITS, "no-limits", "No response contains a header about limits or coins.")


def limit_headers(asked: Sequence[Asked]) -> list[tuple[str, str]]:
    """Return names and values of headers about limits and coins; the last value of each name."""
    found: dict[str, str] = {}
    for one in asked:
        found |= {name: value for name, value in one.probed.headers if _ABOUT_LIMITS.search(name)}
    return list(found.items())
