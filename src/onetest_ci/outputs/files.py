"""Write the outcome to the files that the settings name."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from onetest_ci.outcome import Outcome
from onetest_ci.text.characters import ASCII_CONTROLS
from onetest_ci.text.escape import escape_json

# All twelve together stay far below GitLab's 5,120 bytes.
_LONGEST_VARIABLE: Final = 255
_CONTROL: Final = re.compile(f"[{ASCII_CONTROLS}]")


def write_json(path: Path, outcome: Outcome) -> None:
    """Write the JSON outcome, as the README documents it. It is escaped, since jobs print it into logs."""
    write_text(path, escape_json(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2)) + "\n")


def write_dotenv(path: Path, values: Mapping[str, str]) -> None:
    """Write variables for GitLab's dotenv reports, named ``ONETEST_`` and the output's name.

    The format has no quotes and no line breaks; a file has at most 5 KB and, on the smallest plan, 50
    variables ("artifacts:reports:dotenv" in GitLab's documentation). A value that does not fit is left empty.
    """
    lines = []
    for name, value in values.items():
        fits = len(value) <= _LONGEST_VARIABLE and not _CONTROL.search(value)
        lines.append(f"ONETEST_{name.upper().replace('-', '_')}={value if fits else ''}\n")
    write_text(path, "".join(lines))


def write_text(path: Path, text: str) -> None:
    """Write a file, and create its directory if it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace")
