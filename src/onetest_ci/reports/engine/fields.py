"""Reads the members of a decoded JSON object by type: reports may be hostile, and their types wrong."""

import math
import re
from collections.abc import Mapping
from typing import Any, Final

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.text.characters import replace_lone_surrogates

_NUMBER: Final = re.compile(r"\s{0,9}-?\d{1,20}(?:\.\d{1,20})?\s{0,9}")
_MOST: Final = 2**53
_PAIR: Final = 2
_NOTHING: Final[Mapping[str, Any]] = {}


class Fields:
    """The members of an object. A member of a wrong type counts as missing, with one warning for each file.

    Args:
        members: the object.
        reading: collects the warning.
    """

    __slots__ = ("_members", "reading")

    def __init__(self, members: Mapping[str, Any], reading: Reading) -> None:
        self._members = members
        self.reading = reading

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __bool__(self) -> bool:
        return bool(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def names(self) -> list[str]:
        """Return the names of the members, in order."""
        return list(self._members)

    def text(self, name: str, *others: str) -> str:
        """Return the first of the members that is a non-empty text; numbers are spelled out."""
        value = self._members.get(name)
        if isinstance(value, str):
            if value:
                # JSON may contain half of a surrogate pair.
                return value if value.isascii() else replace_lone_surrogates(value)
        elif value is not None:
            if isinstance(value, bool):
                return str(value).lower()
            if isinstance(value, (int, float)):
                return str(value)
            self._wrong(name, "text")
        return self.text(*others) if others else ""

    def word(self, name: str) -> str:
        """Return a text in lower case, without white space around it. Empty for none."""
        return self.text(name).strip().lower()

    def number(self, name: str) -> float | None:
        """Return a finite number, also one spelled as text."""
        value = self._members.get(name)
        if value is None:
            return None
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return float(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _finite(value)
        self._wrong(name, "number")
        return None

    def whole_number(self, name: str) -> int | None:
        """Return a number as a line or a count."""
        value = self._members.get(name)
        if type(value) is not int:
            number = self.number(name)
            value = int(number) if number is not None else None
        return value if value is not None and abs(value) < _MOST else None

    def seconds(self, name: str, unit: float = 1.0) -> float | None:
        """Return a duration in seconds. The member counts in units of ``unit`` seconds."""
        value = self.number(name)
        return value * unit if value is not None else None

    def flag(self, name: str) -> bool:
        """Return whether a member is ``true``."""
        return self._members.get(name) is True

    def object(self, name: str) -> "Fields":
        """Return an object. An empty one if there is none."""
        value = self._members.get(name)
        if isinstance(value, dict):
            return Fields(value, self.reading)
        if value is not None:
            self._wrong(name, "object")
        return Fields(_NOTHING, self.reading)

    def objects(self, name: str) -> list["Fields"]:
        """Return the objects of a list."""
        if name not in self._members:
            return []
        objects = []
        for value in self._list(name):
            if isinstance(value, dict):
                objects.append(Fields(value, self.reading))
            else:
                self._wrong(name, "list of objects")
        return objects

    def texts(self, name: str) -> list[str]:
        """Return the texts of a list. A text in its place counts as a list of one."""
        value = self._members.get(name)
        if value is None:
            return []
        if isinstance(value, str):
            return [replace_lone_surrogates(value)]
        texts = []
        for one in self._list(name):
            if isinstance(one, str):
                texts.append(replace_lone_surrogates(one))
            elif one is not None:
                self._wrong(name, "list of texts")
        return texts

    def numbers(self, name: str) -> list[float]:
        """Return the finite numbers of a list."""
        numbers = [
            _finite(one)
            for one in self._list(name)
            if isinstance(one, (int, float)) and not isinstance(one, bool)
        ]
        return [number for number in numbers if number is not None]

    def value(self, name: str) -> Any:
        """Return a member of any type. None if it is missing."""
        return self._members.get(name)

    def values(self, name: str) -> list[Any]:
        """Return the values of a list, of any type."""
        return self._list(name)

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Return the names and values of a list of pairs. Numbers and lists are spelled as in Python."""
        pairs = []
        for one in self._list(name):
            if isinstance(one, list) and len(one) >= _PAIR:
                pairs.append((_spelled(one[0]), _spelled(one[1])))
            else:
                self._wrong(name, "list of pairs")
        return pairs

    def pairs_of_members(self) -> list[tuple[str, str]]:
        """Return the names and values of the members, spelled as in ``pairs``."""
        return [(_spelled(name), _spelled(value)) for name, value in self._members.items()]

    def has_texts(self, name: str) -> bool:
        """Return whether a member is a list that begins with a text."""
        value = self._members.get(name)
        return isinstance(value, list) and bool(value) and isinstance(value[0], str)

    def _list(self, name: str) -> list[Any]:
        value = self._members.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self._wrong(name, "list")
        return []

    def _wrong(self, name: str, what: str) -> None:
        self.reading.warn("type", f"members of a wrong type are left out: {name[:60]!r} is not a {what}")


def fields_of(value: Any, reading: Reading, what: str) -> Fields:
    """Return the members of a value that has to be an object.

    Raises:
        ReportError: it is not an object.
    """
    if not isinstance(value, dict):
        raise ReportError(
            "unexpected-json",
            f"{reading.path} does not follow its format: {what} is not an object.",
            "The tests before that place were read. See what wrote the file.",
        )
    return Fields(value, reading)


def _spelled(value: Any) -> str:
    """Return a value as a text. Empty for one that is nested too deeply."""
    try:
        return replace_lone_surrogates(str(value))
    except RecursionError:
        return ""


def _finite(number: float) -> float | None:
    """Return a number as a float. None if it is infinite, or too large for one."""
    try:
        return float(number) if math.isfinite(number) else None
    except OverflowError:
        return None
