"""Run the installed ``doctor`` and read its document, which has to fit the published schema."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from support.command import run

SCHEMA: Final = Path(__file__).parents[2] / "docs" / "schemas" / "doctor.schema.json"
VALIDATOR: Final = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


class Diagnosis:
    """A finished ``doctor`` and its document."""

    def __init__(self, code: int, stdout: str, stderr: str) -> None:
        self.code, self.stdout, self.stderr = code, stdout, stderr
        assert "Traceback" not in stderr
        self.document: dict[str, Any] = json.loads(stdout)
        VALIDATOR.validate(self.document)
        assert self.document["exit_code"] == code

    def signs(self) -> dict[str, str]:
        """The sign of each code; the worst one where several findings have it."""
        order = ["ok", "note", "warning", "error"]
        found: dict[str, str] = {}
        for finding in self.document["findings"]:
            code, sign = finding["code"], finding["sign"]
            found[code] = max(found.get(code, "ok"), sign, key=order.index)
        return found

    def texts(self, code: str) -> list[str]:
        """Text and hint of each finding with a code."""
        return [
            f"{one['text']} {one['hint']}".strip() for one in self.document["findings"] if one["code"] == code
        ]

    @property
    def errors(self) -> list[str]:
        return [one["code"] for one in self.document["findings"] if one["sign"] == "error"]

    @property
    def calls(self) -> int:
        return int(self.document["api_calls"]["made"])


def diagnose(*args: str | Path, cwd: Path, env: Mapping[str, str], stdin: str = "") -> Diagnosis:
    """Run ``doctor --format json``."""
    done = run("doctor", "--format", "json", *args, cwd=cwd, env=env, stdin=stdin)
    return Diagnosis(done.returncode, done.stdout, done.stderr)
