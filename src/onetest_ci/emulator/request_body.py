"""JSON bodies of requests. Each field is declared once; it checks values and describes itself for OpenAPI.

``JsonBody`` refuses as FastAPI does: status 422 and a list of all problems.
ReportPortal's bodies (``receiver/request_body.py``) are subclasses that refuse in ReportPortal's form.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onetest_ci.emulator.errors import unprocessable
from onetest_ci.emulator.json_schema import BOOLEAN, OBJECT, UUID, Schema, array, enum, nullable
from onetest_ci.emulator.store import pack

_MAX_INTEGER = 2**31 - 1


class InvalidValue(Exception):
    """A value does not fit its field.

    Args:
        kind: pydantic's name of the problem.
        text: the rest of the message after ``subject``.
        subject: the first word of the message.
        context: the figures of the rule, for the error's ``ctx``.
    """

    def __init__(self, kind: str, text: str, subject: str = "Input", **context: object) -> None:
        super().__init__(text)
        self.kind, self.text, self.subject, self.context = kind, text, subject, context


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field with any value.

    Attributes:
        required: whether the body must contain it.
        alias: an older name of the field.
        default: the value of an absent field.
    """

    required: bool = False
    alias: str = ""
    default: Any = None

    def schema(self) -> Schema:
        """Return the value's JSON schema."""
        return {}

    def read(self, value: Any) -> Any:
        """Return the value as the handlers use it.

        Raises:
            InvalidValue: the value does not fit.
        """
        return value


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """A string of at most ``limit`` characters. A required one must not be blank."""

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
    """One of a few words. The refusal lists them (docs/onetest-api.md#errors)."""

    allowed: tuple[str, ...]

    def schema(self) -> Schema:
        return enum(*self.allowed)

    def read(self, value: Any) -> Any:
        if value not in self.allowed:
            words = ", ".join(f"'{word}'" for word in self.allowed[:-1]) + f" or '{self.allowed[-1]}'"
            raise InvalidValue("enum", f"should be {words}", expected=words)
        return value


@dataclass(frozen=True, kw_only=True)
class Choices(Field):
    """A list of words, each one of a few. Duplicates are dropped."""

    allowed: tuple[str, ...]

    def schema(self) -> Schema:
        return array(enum(*self.allowed))

    def read(self, value: Any) -> Any:
        if not isinstance(value, list):
            raise InvalidValue("list_type", "should be a valid list")
        choice = Choice(allowed=self.allowed)
        return list(dict.fromkeys(choice.read(word) for word in value))


@dataclass(frozen=True, kw_only=True)
class Boolean(Field):
    """``true`` or ``false``."""

    default: Any = False

    def schema(self) -> Schema:
        return BOOLEAN

    def read(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, str | int) or (isinstance(value, float) and value.is_integer()):
            raise InvalidValue("bool_parsing", "should be a valid boolean, unable to interpret input")
        raise InvalidValue("bool_type", "should be a valid boolean")


@dataclass(frozen=True, kw_only=True)
class PositiveInteger(Field):
    """An integer of at least 1."""

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": 1, "maximum": _MAX_INTEGER}

    def read(self, value: Any) -> Any:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, float):
            raise InvalidValue(
                "int_from_float", "should be a valid integer, got a number with a fractional part"
            )
        if isinstance(value, str):
            raise InvalidValue(
                "int_parsing", "should be a valid integer, unable to parse string as an integer"
            )
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidValue("int_type", "should be a valid integer")
        if not 1 <= value <= _MAX_INTEGER:
            raise InvalidValue("greater_than_equal", "should be greater than or equal to 1", ge=1)
        return value


@dataclass(frozen=True, kw_only=True)
class Object(Field):
    """An object. It is read as JSON text, as a database column stores it."""

    default: Any = "{}"

    def schema(self) -> Schema:
        return OBJECT

    def read(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise InvalidValue("dict_type", "should be a valid dictionary")
        return pack(value)


@dataclass(frozen=True, kw_only=True)
class Uuid(Field):
    """A UUID. It is read in its canonical form."""

    def schema(self) -> Schema:
        return UUID

    def read(self, value: Any) -> Any:
        try:
            return str(uuid.UUID(value))
        except (ValueError, AttributeError, TypeError) as error:
            raise InvalidValue("uuid_parsing", "should be a valid UUID") from error


class JsonBody:
    """A JSON object. Unknown fields are ignored; a field that is not required may be ``null``.

    Args:
        fields: each field by its name.
    """

    def __init__(self, **fields: Field) -> None:
        self.fields: Mapping[str, Field] = fields

    def partial(self) -> "JsonBody":
        """Return the body of a change: the same fields, none of them required and none with a default."""
        return _PartialBody(**self.fields)

    def schema(self) -> Schema:
        """Return the body's JSON schema."""
        properties: Schema = {}
        for name, field in self.fields.items():
            schema = field.schema()
            if not field.required and "enum" in schema:
                schema = nullable(schema)
            elif not field.required and "type" in schema:
                schema = schema | {"type": [schema["type"], "null"]}
            properties[name] = schema
        required = [name for name, field in self.fields.items() if field.required and not field.alias]
        return {"type": "object", "properties": properties} | ({"required": required} if required else {})

    def read(self, body: object) -> dict[str, Any]:
        """Return the value of each field; an absent field has its default.

        Raises:
            ApiError: 422 with every problem.
        """
        if body is None:
            raise unprocessable({"type": "missing", "loc": ["body"], "msg": "Field required", "input": None})
        if not isinstance(body, dict):
            text = "Input should be a valid dictionary or object to extract fields from"
            problem = {"type": "model_attributes_type", "loc": ["body"], "msg": text}
            raise unprocessable(problem | {"input": body})
        values: dict[str, Any] = {}
        problems: list[dict[str, Any]] = []
        for name, field in self.fields.items():
            value = body.get(name)
            if name not in body and field.required:
                problems.append(_problem(name, InvalidValue("missing", "required", "Field"), body))
                continue
            try:
                is_absent = value is None and not field.required
                values[name] = field.default if is_absent else field.read(value)
            except InvalidValue as error:
                problems.append(_problem(name, error, body))
        if problems:
            raise unprocessable(*problems)
        return values


class _PartialBody(JsonBody):
    """The body of a change."""

    def schema(self) -> Schema:
        return {name: rule for name, rule in super().schema().items() if name != "required"}

    def read(self, body: object) -> dict[str, Any]:
        fields = self.fields
        if isinstance(body, dict):
            fields = {name: field for name, field in fields.items() if body.get(name) is not None}
        return JsonBody(**fields).read(body)


def _problem(name: str, error: InvalidValue, body: dict[str, Any]) -> dict[str, Any]:
    problem = {
        "type": error.kind,
        "loc": ["body", name],
        "msg": f"{error.subject} {error.text}",
        "input": body.get(name, body),
    }
    return problem | ({"ctx": error.context} if error.context else {})
