"""JSON schemas of what is answered, written where the answer is made and collected by ``openapi``."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
TIME: Schema = {"type": "string", "format": "date-time"}
UUID: Schema = {"type": "string", "format": "uuid"}
MESSAGE: Schema

# An answer that is no JSON: its media type stands for it.
ANY_MEDIA_TYPE = "*/*"
NO_CONTENT = ""


def nullable(schema: Schema) -> Schema:
    """The same, or ``null``."""
    return {"anyOf": [schema, {"type": "null"}]}


def enum(*words: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(words)}


def array(schema: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": schema}


def json_object(**properties: Schema) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def list_schema(schema: Schema) -> Schema:
    """A whole list in its envelope.

    See docs/onetest-api.md#paths-of-membership: ``items`` is the only one seen in public text.
    """
    return json_object(items=array(schema))


def page_schema(schema: Schema) -> Schema:
    """A page of a list, and where the next one is."""
    return json_object(items=array(schema), next=nullable(TEXT))


MESSAGE = json_object(message=TEXT)
