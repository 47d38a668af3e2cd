"""The outermost nodes of a report, without those in them.

A report contains the name, type and result of a node behind its children, which are read one by one.
"""

from typing import Any, Final

from onetest_ci.reports.engine.json_stream import JsonStream
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats.xcresult.node import Node
from onetest_ci.text.cut import LONGEST_NAME

MOST_KNOWN: Final = 1_000
"""Maximum of test plans and bundles whose names are remembered."""

STREAMED: Final = 2
"""Levels of nodes that are walked; the nodes below are decoded one by one."""

_HEAD: Final = ("name", "nodeType", "result")

Path = tuple[int, ...]
"""Where a node is: the numbers of the items that lead to it."""


class Heads:
    """The heads of plans and bundles: their members without the children."""

    def __init__(self) -> None:
        self._heads: dict[Path, dict[str, Any]] = {}

    @property
    def is_full(self) -> bool:
        """Whether the report may have more of them."""
        return len(self._heads) >= MOST_KNOWN

    def __contains__(self, path: Path) -> bool:
        return path in self._heads

    def node(self, path: Path, reading: Reading) -> Node:
        """Return the node at a place, without those in it. An empty one if the report breaks off in it."""
        return Node(self._heads.get(path, {}), reading)

    def read(self, document: JsonStream, _reading: Reading) -> None:
        """Read the heads of a report."""
        for key in document.members():
            if key == "testNodes":
                for number, _ in enumerate(document.items(key)):
                    self._walk(document, (number,))
                    if self.is_full:
                        break
                return

    def _walk(self, document: JsonStream, path: Path) -> None:
        """Read the next node, and those in it."""
        if document.peek() != "{":
            return
        if (whole := document.short_object()) is not None:
            self._remember(whole, path)
            return
        head: dict[str, Any] = {}
        for key in document.members():
            if key == "children":
                if len(path) < STREAMED and document.peek() == "[":
                    for number, _ in enumerate(document.items(key)):
                        self._walk(document, (*path, number))
            elif key in _HEAD:
                head[key] = document.value()
        self._remember(head, path)

    def _remember(self, node: dict[str, Any], path: Path) -> None:
        if self.is_full:
            return
        self._heads[path] = {
            key: value[:LONGEST_NAME] if isinstance(value, str) else None
            for key, value in node.items()
            if key in _HEAD
        }
        children = node.get("children")
        if len(path) < STREAMED and isinstance(children, list):
            for number, child in enumerate(children):
                if isinstance(child, dict):
                    self._remember(child, (*path, number))
