"""The members of JSON documents, from their schemas."""

import json
from collections.abc import Iterator
from typing import Any

from generated_parts import ROOT
from pages.markdown import table

Schema = dict[str, Any]


def members(name: str) -> Iterator[str]:
    """Yield the tables of a document: its members, and those of each object that has a name in the schema."""
    schema = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    yield from _table(schema)
    for title, definition in schema.get("$defs", {}).items():
        if "properties" in definition:
            yield from (
                "",
                f"#### {title}",
                "",
                *([definition["description"], ""] if "description" in definition else []),
            )
            yield from _table(definition)
    yield ""


def _table(schema: Schema) -> Iterator[str]:
    required = set(schema.get("required", ()))
    yield from table(("Member", "Type", "What it holds"), _rows(schema, "", required))


def _rows(schema: Schema, prefix: str, required: set[str]) -> Iterator[tuple[str, str, str]]:
    for name, member in schema.get("properties", {}).items():
        optional = "" if name in required else " (optional)"
        yield f"`{prefix}{name}`{optional}", _type(member), member.get("description", "")
        inner = member.get("items", member)
        if "properties" in inner:
            step = f"{prefix}{name}{'[]' if 'items' in member else ''}."
            yield from _rows(inner, step, set(inner.get("required", ())))


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(each)}`" for each in schema["enum"])
    for many in ("anyOf", "oneOf"):
        if many in schema:
            return " or ".join(_type(each) for each in schema[many])
    kind = schema.get("type", "any")
    if kind == "array" and "items" in schema:
        return f"list of {_type(schema['items'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
