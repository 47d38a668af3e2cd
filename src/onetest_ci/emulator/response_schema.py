"""JSON schemas of what is answered, written where the answer is made and collected by ``openapi``."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
TIME: Schema = {"type": "string", "format": "date-time"}
UUID: Schema = {"type": "string", "format": "uuid"}
MESSAGE: Schema

# An answer that is no JSON: its media type stands for it.
FILE = "*/*"
NOTHING = ""


def maybe(schema: Schema) -> Schema:
    """The same, or ``null``."""
    return {"anyOf": [schema, {"type": "null"}]}


def word(*words: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(words)}


def many(schema: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": schema}


def thing(**properties: Schema) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def listing(schema: Schema) -> Schema:
    """A whole list in its envelope.

    See docs/onetest-api.md#paths-of-membership: ``items`` is the only one seen in public text.
    """
    return thing(items=many(schema))


def page(schema: Schema) -> Schema:
    """A page of a list, and where the next one is."""
    return thing(items=many(schema), next=maybe(TEXT))


MESSAGE = thing(message=TEXT)
