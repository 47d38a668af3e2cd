"""The names of the requests of a Postman collection, as Newman's JUnit reporter writes them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.json_stream import JsonStream
from onetest_ci.reports.engine.limits import DEEPEST
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.text.cut import shorten_name

MOST_REQUESTS: Final = 100_000
"""Requests of a collection whose folders are known."""

WHOLE: Final[frozenset[str]] = frozenset()
"""For ``picked``: the whole value of a member."""

_SEPARATOR: Final = " / "
_ORDINAL: Final = r"(?:(?<=1)st|(?<=2)nd|(?<=3)rd|(?<![123])th)(?![A-Za-z0-9])"
_BETWEEN_WORDS: Final = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])"
    rf"|(?<=[0-9])(?=[A-Za-z])(?!{_ORDINAL})|[^A-Za-z0-9]"
)
"""Where a word ends: at another kind of letter, and at what is neither a letter nor a digit of ASCII."""

_LETTERS: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th"}
)
_APOSTROPHES: Final = str.maketrans("", "", "'\N{RIGHT SINGLE QUOTATION MARK}")


class Requests:
    """The collection: its name, and that of each request with its folders.

    Args:
        reading: collects warnings.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._names: dict[str, str] = {}
        self._classes: dict[str, str] = {}
        self._collection = ""

    def read(self, document: JsonStream) -> None:
        """Read the collection of a report, and nothing behind it."""
        for key in document.members():
            if key != "collection" or document.peek() != "{":
                document.pass_over()
                continue
            for inner in document.members(key):
                if inner == "info" and document.peek() == "{":
                    info = picked(document, inner, {"name": WHOLE})
                    self._collection = shorten_name(Fields(info, self._reading).text("name"))
                elif inner == "item" and document.peek() == "[":
                    self._names = dict(self._items(document, 0))
                else:
                    document.pass_over()
            return

    def _items(self, document: JsonStream, depth: int) -> list[tuple[str, str]]:
        """Return identity and name of the requests of a folder."""
        found: list[tuple[str, str]] = []
        for _ in document.items("item"):
            if document.peek() != "{":
                continue
            members: dict[str, Any] = {}
            inside: list[tuple[str, str]] | None = None
            for key in document.members("an item"):
                if key in {"id", "name"}:
                    members[key] = document.value()
                elif key == "item" and document.peek() == "[" and depth < DEEPEST:
                    inside = self._items(document, depth + 1)
                else:
                    document.pass_over()
            item = Fields(members, self._reading)
            name = item.text("name", "id")
            if inside is None:
                found.append((item.text("id"), shorten_name(name)))
            else:
                found += ((one, shorten_name(f"{name}{_SEPARATOR}{inner}")) for one, inner in inside)
            del found[MOST_REQUESTS:]
        return found

    def name(self, item: Fields) -> str:
        """Return the name of a request, with its folders if the collection has it."""
        return self._names.get(item.text("id")) or shorten_name(item.text("name", "id"))

    def classname(self, name: str) -> str:
        """Return the class that the JUnit reporter makes of a name; if it is empty, of the collection's."""
        if (known := self._classes.get(name)) is not None:
            return known
        found = "".join(_capitalised(name)) or "".join(_capitalised(self._collection))
        if len(self._classes) < MOST_REQUESTS:
            self._classes[name] = found
        return found


def picked(document: JsonStream, what: str, names: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """Return some members of the object that comes next. The others, however large, are passed over.

    Args:
        document: the report, in front of a value.
        what: the object, for messages.
        names: the members to return. Of a member that is an object, only the members in its set are
            returned; with an empty set, all of it.
    """
    small = document.small_value()
    if isinstance(small, dict):
        return {
            name: _only(small[name], inner) if inner else small[name]
            for name, inner in names.items()
            if name in small
        }
    if small is not None or document.peek() != "{":
        raise document.wrong(f"{what} is not an object")
    members: dict[str, Any] = {}
    for key in document.members(what):
        if key not in names:
            document.pass_over()
        elif names[key] and document.peek() == "{":
            members[key] = picked(document, key, dict.fromkeys(names[key], WHOLE))
        else:
            members[key] = document.value()
    return members


def _only(value: Any, names: frozenset[str]) -> Any:
    return {name: value[name] for name in names if name in value} if isinstance(value, dict) else value


def _capitalised(name: str) -> Iterator[str]:
    """Yield the words of a name: letters of ASCII without accents, the first of each in upper case."""
    plain = unicodedata.normalize("NFD", name.translate(_LETTERS)).translate(_APOSTROPHES)
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    for word in _BETWEEN_WORDS.sub(" ", plain).split():
        yield word[:1].upper() + word[1:].lower()
