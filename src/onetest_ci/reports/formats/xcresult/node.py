"""A node of the tree of Xcode's test results, and what is around it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.values import duration

_PLAN: Final = "test plan"
_PLACES: Final = frozenset({"device", "test plan configuration"})

CASE: Final = "test case"
REASON: Final = "failure message"
ARGUMENTS: Final = "arguments"
BUNDLES: Final = frozenset({"unit test bundle", "ui test bundle"})
ATTEMPTS: Final = frozenset({"repetition", "test case run"})
PARTS: Final = _PLACES | {ARGUMENTS}
"""Types of nodes in a test case: a part for each argument, device or configuration."""

SUITES: Final = frozenset({_PLAN, *BUNDLES, "test suite", *_PLACES})
LEFT_OUT: Final = frozenset({"attachment", "runtime warning", REASON, *ATTEMPTS, ARGUMENTS})
"""Types of nodes that are neither tests nor suites."""

_KINDS: Final = {
    spelled: spelled.lower()
    for spelled in (
        *("Test Plan", "Unit test bundle", "UI test bundle", "Test Suite", "Test Case", "Test Case Run"),
        *("Device", "Test Plan Configuration", "Arguments", "Repetition", "Failure Message"),
        *("Source Code Reference", "Attachment", "Expression", "Test Value", "Runtime Warning"),
    )
}
KNOWN: Final = frozenset(_KINDS.values())
"""Types of nodes in the schema, in lower case."""


class Node(Fields):
    """A node of the tree. The nodes in it are looked at once."""

    __slots__ = ("_children", "kind")

    def __init__(self, members: Mapping[str, Any], reading: Reading) -> None:
        self._members = members
        self.reading = reading
        kind = members.get("nodeType")
        # Nearly all are spelled as in the schema, and there are many.
        self.kind = (type(kind) is str and _KINDS.get(kind)) or self.word("nodeType")
        self._children: list[Node] | None = None

    @property
    def name(self) -> str:
        """Its name; the text, of a reason."""
        return self.text("name")

    @property
    def children(self) -> "list[Node]":
        """The nodes in it."""
        if self._children is None:
            reading = self.reading
            nodes = self._list("children") if "children" in self._members else ()
            self._children = [
                Node(one, reading) if type(one) is dict else node_of(one, reading) for one in nodes
            ]
        return self._children

    def of_kinds(self, kinds: frozenset[str]) -> "list[Node]":
        """Return the nodes in it of these types."""
        return [child for child in self.children if child.kind in kinds]

    def seconds_taken(self) -> float | None:
        """Return the duration, which some languages write with a decimal comma."""
        seconds = self._members.get("durationInSeconds")
        if type(seconds) is not float:
            seconds = self.number("durationInSeconds")
        return duration(self.text("duration").replace(",", ".")) if seconds is None else seconds

    def reasons(self) -> list[str]:
        """Return the messages of its failures."""
        return [child.name for child in self.children if child.kind == REASON]


def node_of(value: Any, reading: Reading) -> Node:
    """Return a node.

    Raises:
        ReportError: the value is not an object.
    """
    if type(value) is not dict:
        fields_of(value, reading, "a node")
    return Node(value, reading)


class Around(NamedTuple):
    """What is around a node.

    Attributes:
        suites: their names, from the outermost.
        bundle: the name of its bundle.
        depth: how many nodes are around it.
    """

    suites: tuple[str, ...] = ()
    bundle: str = ""
    depth: int = 0

    def inside(self, node: Node) -> "Around":
        """Return what is around the nodes in a node."""
        suites = (*self.suites, node.name) if node.name else self.suites
        return Around(suites, node.name if node.kind in BUNDLES else self.bundle, self.depth + 1)
