"""What CI hosts and terminals do with a log, by their documentation: all found here is more than text."""

import re
from collections.abc import Callable
from typing import Final

from support import github_runner

_COLOURS: Final = re.compile("\x1b\\[[0-9;]*m")
_DIRECTIONS: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"


def _github(log: str) -> list[str]:
    """Commands that are not the tool's own (masks, groups, annotations, and their titles)."""
    found = github_runner.commands(log)
    own = {"error", "warning", "notice"}
    titles = ("onetest-ci", "Failed: ", "Failed in quarantine: ")
    return [
        str(one)
        for one in found
        if one.name not in {"add-mask", "endgroup"}
        and not (one.name == "group" and re.fullmatch(r"onetest-ci: [A-Za-z0-9 ()]+", one.data))
        and not (one.name in own and one.properties.get("title", "").startswith(titles))
    ]


def _matches(pattern: str) -> Callable[[str], list[str]]:
    regex = re.compile(pattern, re.MULTILINE)
    return lambda log: [found[0] for found in regex.finditer(_COLOURS.sub("", log))]


FOUND_BY: Final[dict[str, Callable[[str], list[str]]]] = {
    "github": _github,
    # "Logging commands": ##vso[area.action]message, and the formatting commands.
    # Our own are the one for failed tests and those of groups, at the start of a line.
    "azure": _matches(
        r"(?!^##vso\[task\.logissue type=(?:error|warning)[;\]])"
        r"(?!^##\[(?:group\]onetest-ci: [A-Za-z0-9 ()]+|endgroup\])$)"
        r"##(?:vso)?\[[^\]]*\]"
    ),
    # "Service messages": ##teamcity[name 'value'].
    "teamcity": _matches(r"##teamcity\["),
    # "Custom collapsible sections": section_start:TIME:NAME.
    "gitlab": _matches(r"section_(?:start|end):\d+:"),
    # "Managing log output": groups.
    "buildkite": _matches(r"^\s*(?:---|\+\+\+|~~~|\^\^\^)"),
    # travis-build: folds and times.
    "travis": _matches(r"travis_(?:fold|time):\w+:"),
    "terminal": _matches(f"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029{_DIRECTIONS}]"),
}
"""For each host, and for a terminal, what it would act on."""
