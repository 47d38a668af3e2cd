"""JSON schemas for the OpenAPI document, and functions to build them."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
OBJECT: Schema = {"type": "object"}
TIME: Schema = {"type": "string", "format": "date-time"}
UUID: Schema = {"type": "string", "format": "uuid"}
BINARY: Schema = {"type": "string", "format": "binary"}

# In place of a schema, a response that is not JSON has its media type.
ANY_MEDIA_TYPE = "*/*"
NO_CONTENT = ""


def nullable(schema: Schema) -> Schema:
    """Return the schema of a value that may be ``null``."""
    return {"anyOf": [schema, {"type": "null"}]}


def enum(*words: str) -> Schema:
    """Return the schema of a text that is one of these words."""
    return {"type": "string", "enum": list(words)}


def array(schema: Schema) -> Schema:
    """Return the schema of a list of such values."""
    return {"type": "array", "items": schema}


def json_object(**properties: Schema) -> Schema:
    """Return the schema of an object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def list_schema(schema: Schema) -> Schema:
    """Return the schema of a response that contains a whole list.

    See docs/onetest-api.md#paths-of-membership: ``items`` is the only key that public text shows.
    """
    return json_object(items=array(schema))


def page_schema(schema: Schema) -> Schema:
    """Return the schema of a page of a list, with the URL of the next page."""
    return json_object(items=array(schema), next=nullable(TEXT))


MESSAGE = json_object(message=TEXT)
