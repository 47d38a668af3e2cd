"""The pairs of a producer's own report and its JUnit report, and what ``expected.json`` has of each.

``tests/data/produced/README.md`` has the form.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

PRODUCED: Final = Path(__file__).parents[1] / "data" / "produced"
EXCEPTIONS: Final = ("lacks", "adds", "differs")
KEYS: Final = {"report", "spelled", *EXCEPTIONS}

Verdicts = dict[str, list[tuple[str, int]]]
"""Status and number of attempts of the tests of each reference."""


def pairs() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the name of a suite, its expected reports, and the name of one that has a JUnit form."""
    for path in sorted(PRODUCED.glob("*/expected.json")):
        entries = json.loads(path.read_text(encoding="utf-8"))
        for name, entry in entries.items():
            if "junit" in entry:
                yield path.parent.name, entries, name


def forms_in(entries: dict[str, Any], name: str) -> tuple[Verdicts, Verdicts]:
    """Return what a report and its JUnit form have, by the references as JUnit spells them."""
    form = entries[name]["junit"]
    named = form["report"]
    own = verdicts_in([entries[name]], form.get("spelled", {}).get("replace", ()))
    return own, verdicts_in([entries[one] for one in ([named] if isinstance(named, str) else named)])


def verdicts_in(reports: Iterable[dict[str, Any]], replace: Iterable[tuple[str, str]] = ()) -> Verdicts:
    """Return the verdicts of reports, by the references after some replacements."""
    found: Verdicts = {}
    for report in reports:
        for _, status, code_ref, *more in report["cases"]:
            spelled = code_ref
            for pattern, replacement in replace:
                spelled = re.sub(pattern, replacement, spelled)
            found.setdefault(spelled, []).append((status, more[0].get("attempts", 1) if more else 1))
    return {code_ref: sorted(verdicts) for code_ref, verdicts in found.items()}
