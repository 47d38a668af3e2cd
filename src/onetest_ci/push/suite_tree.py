"""The suites of a launch: where each stands, its times, and the item that its children go into."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, NamedTuple

from onetest_ci.errors import ServiceError
from onetest_ci.model import Case, Suite

MOST_STARTS: Final = 100_000
"""Starts of children that are remembered, about 15 MiB."""


class ParentItem(NamedTuple):
    """The item in OneTest that the children of a suite go into.

    Attributes:
        uuid: its UUID. None for the launch.
        shift_ms: added to the children's times, so that none is before the launch's start.
    """

    uuid: str | None
    shift_ms: int = 0


class SuiteStart(NamedTuple):
    """The result of starting a suite.

    Attributes:
        item: the suite, or the item around it if the suite was refused.
        refused: why the suite was refused, if it was.
    """

    item: ParentItem
    refused: ServiceError | None = None


@dataclass(slots=True, eq=False)
class SuiteNode:
    """The launch or a suite.

    Attributes:
        ordinal: of the suite. None for the launch.
        name: of the suite.
        start_ms: none of its children starts earlier.
        end_ms: end of its children so far. A child without a time starts here.
        parent: the suite or launch around it. None for the launch.
        depth: number of suites around it.
    """

    ordinal: int | None
    name: str
    start_ms: int
    end_ms: int
    parent: "SuiteNode | None" = None
    depth: int = 0
    _item: "ParentItem | Future[SuiteStart] | None" = None
    # Time and start of the last child, in ms.
    _last_child: tuple[int, int] | None = None

    @property
    def is_started(self) -> bool:
        """Whether its start was acknowledged or is under way."""
        return self._item is not None

    def set_item(self, item: "ParentItem | Future[SuiteStart]") -> None:
        """Set the item for the children, or the future that starts it."""
        self._item = item

    def item(self) -> ParentItem:
        """Return the item for the children. Wait until it is started."""
        item = self._item
        assert item is not None, "the suite was not started"  # noqa: S101 - a fault of the caller
        return item if isinstance(item, ParentItem) else item.result().item

    def start_child(self, start: float | None, starts: "UniqueStarts") -> int:
        """Return the start of the next child in ms: its own time but never before the suite's.

        Args:
            start: the child's time in epoch seconds. None when the report contains none: the child starts
                where the previous one ended.
            starts: keeps the order of children whose times are equal.
        """
        own_ms = max(self.start_ms, self.end_ms if start is None else int(start * 1000))
        last = self._last_child
        wanted_ms = last[1] + 1 if last is not None and last[0] == own_ms else own_ms
        start_ms = starts.take(self.ordinal, wanted_ms)
        self._last_child = own_ms, start_ms
        return start_ms

    def extend(self, end_ms: int) -> None:
        """Move the end of the suite, and of those around it, to at least ``end_ms``."""
        node: SuiteNode | None = self
        while node is not None:
            node.end_ms = max(node.end_ms, end_ms)
            node = node.parent


class CasePlace(NamedTuple):
    """Where a case stands, and its times in ms."""

    suite: SuiteNode
    start_ms: int
    end_ms: int


class SuiteTree:
    """The suites of a launch. A suite without cases never becomes a node.

    Args:
        start_ms: of the launch.

    Attributes:
        launch: the node that all suites stand in.
    """

    def __init__(self, start_ms: int) -> None:
        self.launch = SuiteNode(None, "", start_ms, start_ms, _item=ParentItem(None))
        self._suites: dict[int, Suite] = {}
        self._nodes: dict[int, SuiteNode] = {}
        self._starts = UniqueStarts()

    def add(self, suite: Suite) -> None:
        """Add a suite, which comes before its children."""
        # Its properties are not sent. Those of many suites would fill the memory.
        self._suites[suite.ordinal] = suite._replace(properties=())

    def place(self, case: Case) -> CasePlace:
        """Place the next case: give it times, and extend the suites around it."""
        suite = self._node(case.suite)
        start_ms = suite.start_child(case.start, self._starts)
        end_ms = start_ms + int((case.seconds or 0) * 1000)
        suite.extend(end_ms)
        return CasePlace(suite, start_ms, end_ms)

    def levels(self) -> Iterator[list[SuiteNode]]:
        """Yield the suites with cases, the innermost first, those of one depth together."""
        depths: dict[int, list[SuiteNode]] = {}
        for node in self._nodes.values():
            depths.setdefault(node.depth, []).append(node)
        for depth in sorted(depths, reverse=True):
            yield depths[depth]

    def _node(self, ordinal: int | None) -> SuiteNode:
        if ordinal is None:
            return self.launch
        if ordinal not in self._nodes:
            suite = self._suites[ordinal]
            parent = self._node(suite.parent)
            start_ms = parent.start_child(suite.start, self._starts)
            self._nodes[ordinal] = SuiteNode(
                ordinal, suite.name, start_ms, start_ms, parent, parent.depth + 1
            )
        return self._nodes[ordinal]


class UniqueStarts:
    """Gives each child of a parent a start that no other child of it has.

    OneTest orders children by their start, so that equal times would lose the order of the report. The first
    free millisecond is taken. Memory is bounded: after ``MOST_STARTS`` children older ones are forgotten.
    """

    def __init__(self) -> None:
        # The millisecond behind a taken one: chains of these end at a free one.
        self._next: dict[tuple[int | None, int], int] = {}

    def take(self, parent: int | None, wanted_ms: int) -> int:
        """Take the first free start of the parent's children, from ``wanted_ms`` on."""
        if len(self._next) >= MOST_STARTS:
            self._next.clear()
        free_ms = wanted_ms
        while (parent, free_ms) in self._next:
            free_ms = self._next[parent, free_ms]
        while wanted_ms != free_ms:
            # Shorten the chain, or many equal times would take quadratic time.
            following_ms = self._next[parent, wanted_ms]
            self._next[parent, wanted_ms] = free_ms
            wanted_ms = following_ms
        self._next[parent, free_ms] = free_ms + 1
        return free_ms
