"""Recognises JSON formats by the names of their members, in any order and at any distance.

The search ends at the first sign that decides, else at the end of the file.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Final

from onetest_ci.reports.engine.head import JsonFound, Sign
from onetest_ci.reports.engine.json_window import (
    ANY_VALUE,
    BETWEEN,
    NAME,
    NAME_CUT,
    CutError,
    DeepError,
    Window,
)
from onetest_ci.reports.engine.reading import ByteStream

_KINDS: Final = {"[": "[]", "{": "{}"}
_KIND: Final = re.compile(r"\[\]|\{\}")


class Signs:
    """The signs of formats whose deciding object stands in one place, arranged for the search.

    Args:
        signs: of all formats.
        in_list: whether the object is an item of the document's list.
    """

    def __init__(self, signs: Iterable[Sign], *, in_list: bool) -> None:
        self.by_name: dict[str, list[tuple[Sign, frozenset[str]]]] = defaultdict(list)
        names, rarest = set(), set()
        inside: dict[str, set[str]] = defaultdict(set)
        for sign in signs:
            if sign.in_list != in_list:
                continue
            for number, name in enumerate(sign.names):
                self.by_name[name].append((sign, frozenset(sign.names)))
                member, _, inner = _KIND.sub("", name).partition(".")
                names.add(member)
                if inner:
                    inside[member].add(inner)
                if number == 0:
                    rarest.add(member)
        self.members = _other_members(names)
        """Members that no sign has."""
        self.objects = _other_objects(rarest)
        """Objects without the first name of any sign: they decide nothing."""
        self.inside = {name: (_other_members(inner), _other_objects(inner)) for name, inner in inside.items()}
        """The same for the members of a member, and the objects of a list that is one."""


def _other_members(names: set[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{_other_member(names)})*+", re.DOTALL)


def _other_objects(names: set[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:[\s,]*+\{{(?:{_other_member(names)})*+[\s,]*+\}})*+", re.DOTALL)


def _other_member(names: set[str]) -> str:
    """Return a pattern for a member of another name and its value. A name with an escape does not match."""
    listed = "|".join(map(re.escape, sorted(names)))
    return rf'[\s,]*+(?!"(?:{listed})")"[^"\\]*+"\s*+:\s*+(?:{ANY_VALUE})(?=[\s,\]}}])'


@cache
def arranged(signs: tuple[Sign, ...]) -> tuple[Signs, Signs]:
    """Return the signs for the document's object, and for the objects of the document's list."""
    return Signs(signs, in_list=False), Signs(signs, in_list=True)


class _DecidedError(Exception):
    """A sign is complete."""


class _BrokenError(Exception):
    """What follows does not belong into a document."""


def find_format(stream: ByteStream, signs: tuple[Sign, ...], *, anywhere: bool) -> JsonFound:
    """Search a file for the first object that decides its format.

    Args:
        stream: the file, at its start.
        signs: what to search for.
        anywhere: whether text may stand before and between documents.

    Raises:
        ReportError: the file cannot be read on, and nothing that was read shows a format.
    """
    return _Search(stream, signs, anywhere=anywhere).run()


class _Search:
    def __init__(self, stream: ByteStream, signs: tuple[Sign, ...], *, anywhere: bool) -> None:
        self._window = Window(stream)
        self._of_document, self._of_list = arranged(signs)
        self._signs = self._of_document
        self._anywhere = anywhere
        self._meant = ""
        self._format = ""
        self._names: set[str] = set()

    def run(self) -> JsonFound:
        window = self._window
        start = documents = 0
        cut = broken = False
        while (not broken and window.to_document()) or (self._anywhere and window.to_later_document()):
            start = window.place
            documents += 1
            broken = False
            try:
                self._document()
            except _DecidedError:
                return JsonFound(self._format, start, documents=documents)
            except CutError:
                cut = True
            except DeepError:
                cut = True
                break
            except _BrokenError:
                broken = True
        if window.problem is not None and not self._meant:
            raise window.problem
        return JsonFound(meant=self._meant, documents=documents, cut=cut)

    def _document(self) -> None:
        self._names.clear()
        if self._window.character() == "[":
            self._signs = self._of_list
            self._items(self._signs.objects)
            return
        self._signs = self._of_document
        # Many files have an object on each line.
        if not self._window.pass_all(self._signs.objects):
            self._object()

    def _items(self, others: re.Pattern[str], outer: str = "") -> None:
        """Look at the objects of the list that comes next."""
        window = self._window
        window.at += 1
        while True:
            window.pass_all(others)
            window.take(BETWEEN)
            character = window.character()
            if not character:
                raise CutError
            if character == "]":
                window.at += 1
                return
            if character == "{":
                if outer:
                    self._inner_object(outer)
                else:
                    self._names.clear()
                    self._object()
            elif character in {"}", ":"}:
                raise _BrokenError
            else:
                window.pass_over()

    def _object(self) -> None:
        """Look at the members of the object that comes next, and at members of these one level down."""
        window = self._window
        window.at += 1
        while True:
            window.pass_all(self._signs.members)
            if (name := self._name()) is None:
                return
            self._take(name)
            kind = window.character() if name in self._signs.inside else ""
            if kind == "{":
                self._inner_object(name)
            elif kind == "[":
                self._items(self._signs.inside[name][1], name)
            else:
                window.pass_over()

    def _inner_object(self, outer: str) -> None:
        window = self._window
        window.at += 1
        while True:
            window.pass_all(self._signs.inside[outer][0])
            if (name := self._name()) is None:
                return
            self._take(f"{outer}.{name}")
            window.pass_over()

    def _name(self) -> str | None:
        """Move past the next name of the open object. None at its end."""
        found = self._window.take(NAME)
        if found is None:
            window = self._window
            raise CutError if NAME_CUT.match(window.text, window.at) else _BrokenError
        name = found[1]
        if name is not None and "\\" in name:
            try:
                return str(json.loads(f'"{name}"', strict=False))
            except ValueError:
                return str(name)
        return name

    def _take(self, name: str) -> None:
        """Note a member whose value comes next, and whether it completes a sign."""
        kind = _KINDS.get(self._window.character(), "")
        for spelled in (name, name + kind) if kind else (name,):
            if (possible := self._signs.by_name.get(spelled)) is None:
                continue
            self._names.add(spelled)
            for sign, names in possible:
                if names <= self._names:
                    if sign.readable:
                        self._format = sign.format
                        raise _DecidedError
                    self._meant = self._meant or sign.format
