"""The outcome in files that the user asked for."""

import json
from pathlib import Path

from onetest_ci.outcome import Outcome
from onetest_ci.redaction import Redactor


def write_json(path: Path, outcome: Outcome, redact: Redactor) -> None:
    """Write the JSON outcome; its shape is documented in the README."""
    text = json.dumps(outcome.as_dict(), ensure_ascii=False, indent=2)
    write_text(path, redact(text) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file that the user asked for, making its directory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace")
