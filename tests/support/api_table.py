"""The tables of endpoints in ``docs/onetest-api.md``, made from the client's and the emulator's endpoints.

    PYTHONPATH=src:tests python -m support.api_table

writes them into the page, between their marks.
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from onetest_ci.emulator import openapi
from onetest_ci.emulator.app import ENDPOINTS as SERVED
from onetest_ci.onetest.endpoints import DOCUMENTED, ENDPOINTS, Retry

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "onetest-api.md"
REPORTPORTAL: Final = "ReportPortal"
"""The label of endpoints that ReportPortal defines and OneTest does not document."""

_RETRIED: Final = {
    Retry.NEVER: "no",
    Retry.UNLESS_TIMEOUT: "if busy",
    Retry.SAFE: "yes",
    Retry.START: "same UUID",
    Retry.FINISH: "finish",
}
_PLACEHOLDER: Final = re.compile(r"\{\w+\}")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCE: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LAUNCH_API: Final = "/api/receiver/api/v2/"
_OTHER_SECTIONS: Final = (
    ("/api/test-management/", "#test-management"),
    (_LAUNCH_API, "#logs"),
    ("/api/receiver/", "#reading-results"),
)
"""Where the page describes an endpoint that the client does not call, by the start of its path."""


def anchors(markdown: str) -> dict[str, str]:
    """Return the heading of each anchor, by GitHub's rule."""
    found: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for heading in _HEADING.findall(_FENCE.sub("", markdown)):
        slug = "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found[f"{slug}-{seen[slug]}" if slug in seen else slug] = heading
        seen[slug] += 1
    return found


def shape(method: str, path: str) -> tuple[str, str]:
    """Return a request without the names of its placeholders, which differ between client and emulator."""
    return method.upper(), _PLACEHOLDER.sub("{}", path)


def served() -> dict[tuple[str, str], bool]:
    """Return the requests in the emulator's OpenAPI document, and whether each is ``x-assumed``."""
    return {
        (method.upper(), path): operation.get("x-assumed", False)
        for path, operations in openapi.document(SERVED)["paths"].items()
        for method, operation in operations.items()
    }


def client_table() -> str:
    """Return the table of the client's endpoints, one row for each path."""
    headings = anchors(DOCUMENT.read_text(encoding="utf-8"))
    rows = [
        (
            f"`{each.name}`",
            f"`{each.method} {template}`",
            each.label_of(template),
            _RETRIED[each.retry],
            f"[{headings[each.source]}]({each.source})",
        )
        for each in ENDPOINTS.values()
        for template in each.templates
    ]
    return _table(("Endpoint", "Request", "Label", "Retried", "Section"), rows)


def other_table() -> str:
    """Return the table of requests that the client does not make and that are not assumed."""
    headings = anchors(DOCUMENT.read_text(encoding="utf-8"))
    called = {shape(each.method, template) for each in ENDPOINTS.values() for template in each.templates}
    rows = []
    for (method, path), assumed in served().items():
        if not assumed and shape(method, path) not in called:
            section = next(anchor for start, anchor in _OTHER_SECTIONS if path.startswith(start))
            label = REPORTPORTAL if section == "#reading-results" else DOCUMENTED
            rows.append((f"`{method} {path}`", label, f"[{headings[section]}]({section})"))
    return _table(("Request", "Label", "Section"), rows)


def document() -> str:
    """Return the page with its tables as they should be."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, table in (("endpoints", client_table()), ("other endpoints", other_table())):
        before, begin, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- end of {name} -->\n")
        text = before + begin + table + end + after
    return text


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, (":---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
