"""The outcome in files that the user asked for."""

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
    """Write the JSON outcome; its shape is documented in the README. Jobs print that file into their log."""
    write_text(path, escape_json(json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2)) + "\n")


def write_dotenv(path: Path, values: Mapping[str, str]) -> None:
    """Write variables for GitLab's dotenv reports, named ``ONETEST_`` and the output's name.

    That format knows no quotes and no line breaks; a file holds at most 5 KB and, on the smallest plan, 50
    variables ("artifacts:reports:dotenv" in GitLab's documentation). A value with a break is left empty.
    """
    lines = []
    for name, value in values.items():
        fits = len(value) <= _LONGEST_VARIABLE and not _CONTROL.search(value)
        lines.append(f"ONETEST_{name.upper().replace('-', '_')}={value if fits else ''}\n")
    write_text(path, "".join(lines))


def write_text(path: Path, text: str) -> None:
    """Write a file that the user asked for, making its directory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace")
