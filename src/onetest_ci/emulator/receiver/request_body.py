"""Request bodies of ReportPortal's API v2: a refusal is 400/4001 and names the first wrong field.

See docs/onetest-api.md#errors.
"""

from dataclasses import dataclass
from typing import Any

from onetest_ci.emulator import times
from onetest_ci.emulator.errors import RpError
from onetest_ci.emulator.json_schema import Schema
from onetest_ci.emulator.request_body import Field, InvalidValue, JsonBody, Text

_MAX_ATTRIBUTES = 256
_MAX_UUID = 100

_ATTRIBUTE: Schema = {
    "type": "object",
    "properties": {
        "key": {"type": ["string", "null"]},
        "value": {"type": "string", "pattern": r"\S"},
        "system": {"type": ["boolean", "null"]},
    },
    "required": ["value"],
}
_PARAMETER: Schema = {
    "type": "object",
    "properties": {"key": {"type": "string"}, "value": {}},
    "required": ["key"],
}


class RpBody(JsonBody):
    """A JSON object of ReportPortal's API."""

    def read(self, body: object) -> dict[str, Any]:
        """Return the value of each field.

        Raises:
            ApiError: 400/4001 for the first problem.
        """
        if not isinstance(body, dict):
            raise RpError.INCORRECT_REQUEST("The body is not a JSON object")
        values: dict[str, Any] = {}
        for name, field in self.fields.items():
            value = body.get(name)
            if value is None and field.alias:
                value = body.get(field.alias)
            if value is None:
                if field.required:
                    raise RpError.INCORRECT_REQUEST(f"Field '{name}' should not be null.")
                values[name] = field.default
                continue
            try:
                values[name] = field.read(value)
            except InvalidValue as error:
                raise RpError.INCORRECT_REQUEST(_sentence(name, error)) from error
        return values


def _sentence(name: str, error: InvalidValue) -> str:
    if error.kind == "string_too_short":
        return f"Field '{name}' should not be blank."
    return f"Field '{name}{error.context.get('place', '')}' {error.text}."


@dataclass(frozen=True, kw_only=True)
class Time(Field):
    """A time, read as microseconds (docs/onetest-api.md#rules-of-all-requests)."""

    def schema(self) -> Schema:
        return {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": times.LAST_MILLI},
                {"type": "string", "format": "date-time"},
                {"type": "string", "pattern": "^[0-9]{1,14}$"},
            ]
        }

    def read(self, value: Any) -> Any:
        try:
            return times.parse(value)
        except ValueError as error:
            raise InvalidValue("time", "should be a time") from error


@dataclass(frozen=True, kw_only=True)
class Id(Text):
    """An id that the client chose: any text of at most 100 characters. A blank one counts as absent."""

    limit: int | None = _MAX_UUID

    def read(self, value: Any) -> Any:
        return super().read(value).strip() or None


@dataclass(frozen=True, kw_only=True)
class Status(Text):
    """One of a few words in any case, read in lower case."""

    words: frozenset[str]

    def schema(self) -> Schema:
        return {"type": "string", "enum": sorted(self.words | {word.upper() for word in self.words})}

    def read(self, value: Any) -> Any:
        word = super().read(value).strip().lower()
        if word and word not in self.words:
            raise InvalidValue("enum", f"should be one of {', '.join(sorted(self.words))}")
        return word or None


@dataclass(frozen=True, kw_only=True)
class Attributes(Field):
    """``attributes`` (formerly ``tags``): entries with ``key``, ``value`` and perhaps ``system``."""

    def schema(self) -> Schema:
        return {"type": "array", "maxItems": _MAX_ATTRIBUTES, "items": _ATTRIBUTE}

    def read(self, value: Any) -> Any:
        if not isinstance(value, list) or len(value) > _MAX_ATTRIBUTES:
            raise InvalidValue("list_type", f"should be a list of at most {_MAX_ATTRIBUTES}")
        return [_attribute(entry, index) for index, entry in enumerate(value)]


@dataclass(frozen=True, kw_only=True)
class Parameters(Field):
    """``parameters``: entries with ``key`` and ``value``."""

    def schema(self) -> Schema:
        return {"type": "array", "items": _PARAMETER}

    def read(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise InvalidValue("list_type", "should be a list")
        for index, entry in enumerate(value):
            if not isinstance(entry, dict) or entry.get("key") is None:
                raise InvalidValue("missing", "should not be null", place=f"[{index}].key")
        return [{"key": str(entry["key"]), "value": entry.get("value")} for entry in value]


def _attribute(entry: object, index: int) -> dict[str, Any]:
    """Return an attribute; a plain text is one without a key."""
    tag = {"value": entry} if isinstance(entry, str) else entry
    if not isinstance(tag, dict):
        raise InvalidValue("dict_type", "should be an object", place=f"[{index}]")
    value = tag.get("value")
    if value is None or not str(value).strip():
        raise InvalidValue("missing", "should not be blank", place=f"[{index}].value")
    key = tag.get("key")
    attribute: dict[str, Any] = {"key": None if key is None else str(key), "value": str(value)}
    if tag.get("system") is True:
        attribute["system"] = True
    return attribute
