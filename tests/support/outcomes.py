"""Read the JSON outcome that a command wrote, which has to fit its published schema."""

import json
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

SCHEMA: Final = Path(__file__).parents[2] / "docs" / "schemas" / "outcome.schema.json"


def closed(schema: Any) -> Any:
    """The schema without room for further members: the published one has it for later versions."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    own = {key: closed(part) for key, part in schema.items()}
    return {"additionalProperties": False} | own if isinstance(schema.get("required"), list) else own


PUBLISHED: Final[dict[str, Any]] = json.loads(SCHEMA.read_text(encoding="utf-8"))
VALIDATOR: Final = Draft202012Validator(closed(PUBLISHED))


def read_outcome(path: Path) -> dict[str, Any]:
    """The outcome in a file, empty if the command did not write it."""
    if not path.exists():
        return {}
    outcome: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    VALIDATOR.validate(outcome)
    return outcome
