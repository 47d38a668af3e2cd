"""What a JSON body may hold: each field is declared once, which checks it and describes it in the OpenAPI.

``Form`` refuses as FastAPI does: every problem at once, 422, ``type``/``loc``/``msg``/``input``.
ReportPortal's bodies (``receiver/request_schema.py``) are forms too, and refuse in ReportPortal's way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from onetest_ci.emulator.errors import unprocessable
from onetest_ci.emulator.store import pack

Schema = dict[str, Any]

_MAX_INTEGER = 2**31 - 1


class InvalidValue(Exception):
    """A value does not fit its field.

    Args:
        kind: pydantic's name of the problem.
        text: what the value should be, as it goes on after ``subject``.
        subject: what the sentence is about.
        context: figures of the rule.
    """

    def __init__(self, kind: str, text: str, subject: str = "Input", **context: object) -> None:
        super().__init__(text)
        self.kind, self.text, self.subject, self.context = kind, text, subject, context


@dataclass(frozen=True, kw_only=True)
class Field:
    """Any value. ``alias`` is an older name of the field, ``default`` what an absent field is read as."""

    required: bool = False
    alias: str = ""
    default: Any = None

    def schema(self) -> Schema:
        """The value's JSON schema."""
        return {}

    def read(self, value: Any) -> Any:
        """The value as the code uses it.

        Raises:
            Wrong: it does not fit.
        """
        return value


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A string of at most ``limit`` characters; a required one is not blank."""

    limit: int | None = None
    pattern: str = ""

    def schema(self) -> Schema:
        schema: Schema = {"type": "string"}
        if self.limit is not None:
            schema["maxLength"] = self.limit
        if self.pattern:
            schema["pattern"] = f"^(?:{self.pattern})$"
        elif self.required:
            schema |= {"minLength": 1, "pattern": r"\S"}
        return schema

    def read(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise InvalidValue("string_type", "should be a valid string")
        if self.limit is not None and len(value) > self.limit:
            raise InvalidValue(
                "string_too_long",
                f"should have at most {self.limit} characters",
                "String",
                max_length=self.limit,
            )
        if self.required and not value.strip():
            raise InvalidValue("string_too_short", "should have at least 1 character", "String", min_length=1)
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise InvalidValue("string_pattern_mismatch", f"should match pattern '{self.pattern}'", "String")
        return value


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of a few words; the refusal lists them (docs/onetest-api.md#errors)."""

    allowed: tuple[str, ...]

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.allowed)}

    def read(self, value: Any) -> Any:
        if value not in self.allowed:
            words = ", ".join(f"'{word}'" for word in self.allowed[:-1]) + f" or '{self.allowed[-1]}'"
            raise InvalidValue("enum", f"should be {words}", expected=words)
        return value


@dataclass(frozen=True, kw_only=True)
class Choices(Field):
    """A list of words out of a few."""

    allowed: tuple[str, ...]

    def schema(self) -> Schema:
        return {"type": "array", "items": {"type": "string", "enum": list(self.allowed)}}

    def read(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise InvalidValue("list_type", "should be a valid list")
        one = Choice(allowed=self.allowed)
        return list(dict.fromkeys(one.read(word) for word in value))


@dataclass(frozen=True, kw_only=True)
class Boolean(Field):
    """A boolean."""

    default: Any = False

    def schema(self) -> Schema:
        return {"type": "boolean"}

    def read(self, value: Any) -> Any:
        if not isinstance(value, bool):
            raise InvalidValue("bool_type", "should be a valid boolean")
        return value


@dataclass(frozen=True, kw_only=True)
class PositiveInteger(Field):
    """A whole number of at least 1."""

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": 1, "maximum": _MAX_INTEGER}

    def read(self, value: Any) -> Any:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidValue("int_type", "should be a valid integer")
        if not 1 <= value <= _MAX_INTEGER:
            raise InvalidValue("greater_than_equal", "should be greater than or equal to 1", ge=1)
        return value


@dataclass(frozen=True, kw_only=True)
class Object(Field):
    """An object, read as JSON text for a column."""

    default: Any = "{}"

    def schema(self) -> Schema:
        return {"type": "object"}

    def read(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise InvalidValue("dict_type", "should be a valid dictionary")
        return pack(value)


@dataclass(frozen=True, kw_only=True)
class Uuid(Field):
    """A UUID, read in its canonical form."""

    def schema(self) -> Schema:
        return {"type": "string", "format": "uuid"}

    def read(self, value: Any) -> Any:
        try:
            return str(UUID(value))
        except (ValueError, AttributeError, TypeError) as error:
            raise InvalidValue("uuid_parsing", "should be a valid UUID") from error


class JsonBody:
    """The fields of one JSON object. Unknown fields are ignored, ``null`` is an absent field.

    Args:
        fields: each field by its name.
    """

    media_type: ClassVar = "application/json"

    def __init__(self, **fields: Field) -> None:
        self.fields: Mapping[str, Field] = fields

    def partial(self) -> "JsonBody":
        """The same fields for a change: none is needed, and what is not given has no value."""
        return _PartialBody(**self.fields)

    def schema(self) -> Schema:
        """The body's JSON schema."""
        properties: Schema = {}
        for name, field in self.fields.items():
            schema = field.schema()
            if not field.required and "enum" in schema:
                schema = {"anyOf": [schema, {"type": "null"}]}
            elif not field.required and "type" in schema:
                schema = schema | {"type": [schema["type"], "null"]}
            properties[name] = schema
        required = [name for name, field in self.fields.items() if field.required and not field.alias]
        return {"type": "object", "properties": properties} | ({"required": required} if required else {})

    def read(self, body: object) -> dict[str, Any]:
        """The fields' values; what is absent has its default.

        Raises:
            ApiError: 422 with every problem.
        """
        if not isinstance(body, dict):
            problem = {"type": "dict_type", "loc": ["body"], "msg": "Input should be a valid dictionary"}
            raise unprocessable(problem | {"input": body})
        values: dict[str, Any] = {}
        problems: list[dict[str, Any]] = []
        for name, field in self.fields.items():
            value = body.get(name)
            if value is None and field.required:
                problems.append(_problem(name, InvalidValue("missing", "required", "Field"), body))
                continue
            try:
                values[name] = field.default if value is None else field.read(value)
            except InvalidValue as invalid_value:
                problems.append(_problem(name, invalid_value, body))
        if problems:
            raise unprocessable(*problems)
        return values


class _PartialBody(JsonBody):
    """A form for a change."""

    def schema(self) -> Schema:
        return {name: rule for name, rule in super().schema().items() if name != "required"}

    def read(self, body: object) -> dict[str, Any]:
        given = (
            {name for name, value in body.items() if value is not None} if isinstance(body, dict) else None
        )
        fields = {name: field for name, field in self.fields.items() if given is None or name in given}
        return JsonBody(**fields).read(body)


def _problem(name: str, invalid_value: InvalidValue, body: dict[str, Any]) -> dict[str, Any]:
    problem = {
        "type": invalid_value.kind,
        "loc": ["body", name],
        "msg": f"{invalid_value.subject} {invalid_value.text}",
        "input": body.get(name, body),
    }
    return problem | ({"ctx": invalid_value.context} if invalid_value.context else {})
