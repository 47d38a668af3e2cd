"""JSON bodies checked as FastAPI does it: every problem at once, 422, ``type``/``loc``/``msg``/``input``."""

from typing import Any
from uuid import UUID

from onetest_ci.emulator.errors import unprocessable
from onetest_ci.emulator.store import pack

_MAX_INTEGER = 2**31 - 1


class Fields:
    """Reads named fields of one JSON object; unknown fields are ignored, ``null`` is an absent field.

    Args:
        body: the decoded body.

    Raises:
        ApiError: it is not an object.
    """

    def __init__(self, body: object) -> None:
        if not isinstance(body, dict):
            raise unprocessable(
                {
                    "type": "dict_type",
                    "loc": ["body"],
                    "msg": "Input should be a valid dictionary",
                    "input": body,
                }
            )
        self._body: dict[str, Any] = body
        self._problems: list[dict[str, Any]] = []

    def __contains__(self, name: str) -> bool:
        return self._body.get(name) is not None

    def text(self, name: str, limit: int | None = None, *, required: bool = False) -> str | None:
        """A string of at most ``limit`` characters; a required one is not empty."""
        value = self._get(name, required=required)
        if value is None:
            return None
        if not isinstance(value, str):
            self._problem(name, "string_type", "Input should be a valid string")
            return None
        if limit is not None and len(value) > limit:
            self._problem(
                name, "string_too_long", f"String should have at most {limit} characters", max_length=limit
            )
            return None
        if required and not value.strip():
            self._problem(name, "string_too_short", "String should have at least 1 character", min_length=1)
            return None
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of a few words; the refusal lists them."""
        value = self._get(name)
        if value is None:
            return default
        if value not in allowed:
            words = ", ".join(f"'{word}'" for word in allowed[:-1]) + f" or '{allowed[-1]}'"
            self._problem(name, "enum", f"Input should be {words}", expected=words)
        return str(value)

    def flag(self, name: str) -> bool:
        """A boolean, false by default."""
        value = self._get(name)
        if not isinstance(value, bool | None):
            self._problem(name, "bool_type", "Input should be a valid boolean")
        return value is True

    def number(self, name: str, *, required: bool = False) -> int | None:
        """A whole number of at least 1."""
        value = self._get(name, required=required)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self._problem(name, "int_type", "Input should be a valid integer")
            return None
        if not 1 <= value <= _MAX_INTEGER:
            self._problem(name, "greater_than_equal", "Input should be greater than or equal to 1", ge=1)
            return None
        return value

    def mapping(self, name: str) -> str:
        """An object, as JSON text for a column; empty by default."""
        value = self._get(name)
        if not isinstance(value, dict | None):
            self._problem(name, "dict_type", "Input should be a valid dictionary")
        return pack(value or {})

    def uuid(self, name: str, *, required: bool = False) -> str | None:
        """A UUID, in its canonical form."""
        value = self._get(name, required=required)
        if value is None:
            return None
        try:
            return str(UUID(value))
        except (ValueError, AttributeError, TypeError):
            self._problem(name, "uuid_parsing", "Input should be a valid UUID")
            return None

    def done(self) -> None:
        """Raise what was found wrong.

        Raises:
            ApiError: 422, when there is a problem.
        """
        if self._problems:
            raise unprocessable(*self._problems)

    def _get(self, name: str, *, required: bool = False) -> Any:
        value = self._body.get(name)
        if value is None and required:
            self._problems.append(
                {"type": "missing", "loc": ["body", name], "msg": "Field required", "input": self._body}
            )
        return value

    def _problem(self, name: str, kind: str, message: str, **context: object) -> None:
        problem: dict[str, Any] = {
            "type": kind,
            "loc": ["body", name],
            "msg": message,
            "input": self._body[name],
        }
        if context:
            problem["ctx"] = context
        self._problems.append(problem)
