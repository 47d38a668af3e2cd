"""ReportPortal request bodies, checked: every refusal is 400/4001 and names the field (contract §7.7)."""

from typing import Any

from onetest_ci.emulator import times
from onetest_ci.emulator.errors import Rp

_MAX_ATTRIBUTES = 256
_MAX_UUID = 100


class Body:
    """One JSON object of ReportPortal's protocol. ``null`` is an absent field, unknown fields are ignored.

    Args:
        decoded: the decoded JSON.

    Raises:
        ApiError: it is not an object.
    """

    def __init__(self, decoded: object) -> None:
        if not isinstance(decoded, dict):
            raise Rp.INCORRECT_REQUEST("The body is not a JSON object")
        self.raw: dict[str, Any] = decoded

    def get(self, name: str, alias: str = "") -> Any:
        """A field by its name, or by its other name."""
        value = self.raw.get(name)
        return self.raw.get(alias) if value is None and alias else value

    def text(self, name: str, limit: int | None = None, alias: str = "") -> str | None:
        """A string of at most ``limit`` characters: OneTest's column."""
        value = self.get(name, alias)
        if value is None:
            return None
        if not isinstance(value, str):
            raise Rp.INCORRECT_REQUEST(f"Field '{name}' should be a string.")
        if limit is not None and len(value) > limit:
            raise Rp.INCORRECT_REQUEST(f"Field '{name}' should have at most {limit} characters.")
        return value

    def required(self, name: str, limit: int | None = None, alias: str = "") -> str:
        """A string that is there and not blank."""
        value = self.text(name, limit, alias)
        if value is None:
            raise Rp.INCORRECT_REQUEST(f"Field '{name}' should not be null.")
        if not value.strip():
            raise Rp.INCORRECT_REQUEST(f"Field '{name}' should not be blank.")
        return value

    def time(self, name: str, alias: str = "") -> int:
        """A time that is there, in microseconds."""
        value = self.get(name, alias)
        if value is None:
            raise Rp.INCORRECT_REQUEST(f"Field '{name}' should not be null.")
        try:
            return times.parse(value)
        except ValueError as error:
            raise Rp.INCORRECT_REQUEST(f"Field '{name}' should be a time.") from error

    def flag(self, name: str, *, default: bool) -> bool:
        """A boolean."""
        value = self.get(name)
        if not isinstance(value, bool | None):
            raise Rp.INCORRECT_REQUEST(f"Field '{name}' should be a boolean.")
        return default if value is None else value

    def uuid(self, name: str = "uuid") -> str | None:
        """A client's own id: any text of at most 100 characters."""
        value = self.text(name, _MAX_UUID)
        return value.strip() or None if value else None

    def word(self, name: str) -> str | None:
        """A status, in lower case."""
        value = self.text(name)
        return value.strip().lower() or None if value else None

    def attributes(self) -> list[dict[str, Any]] | None:
        """``attributes`` (or the older ``tags``): key, value, and ``system`` where it is set."""
        given = self.get("attributes", "tags")
        if given is None:
            return None
        if not isinstance(given, list) or len(given) > _MAX_ATTRIBUTES:
            raise Rp.INCORRECT_REQUEST(f"Field 'attributes' should be a list of at most {_MAX_ATTRIBUTES}.")
        return [_attribute(entry, index) for index, entry in enumerate(given)]

    def parameters(self) -> list[dict[str, Any]]:
        """``parameters``: key and value."""
        given = self.get("parameters") or []
        if not isinstance(given, list):
            raise Rp.INCORRECT_REQUEST("Field 'parameters' should be a list.")
        for index, entry in enumerate(given):
            if not isinstance(entry, dict) or entry.get("key") is None:
                raise Rp.INCORRECT_REQUEST(f"Field 'parameters[{index}].key' should not be null.")
        return [{"key": str(entry["key"]), "value": entry.get("value")} for entry in given]


def _attribute(entry: object, index: int) -> dict[str, Any]:
    tag = {"value": entry} if isinstance(entry, str) else entry
    if not isinstance(tag, dict):
        raise Rp.INCORRECT_REQUEST(f"Field 'attributes[{index}]' should be an object.")
    value = tag.get("value")
    if value is None or not str(value).strip():
        raise Rp.INCORRECT_REQUEST(f"Field 'attributes[{index}].value' should not be blank.")
    key = tag.get("key")
    attribute: dict[str, Any] = {"key": None if key is None else str(key), "value": str(value)}
    if tag.get("system") is True:
        attribute["system"] = True
    return attribute
