"""Items as a tree, for a page: what was asked for, under all that it stands in."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from onetest_ci.emulator.store import Store


@dataclass(slots=True)
class Node:
    """An item and the items in it that are shown."""

    item: sqlite3.Row
    children: "list[Node]" = field(default_factory=list)


def branches(store: Store, items: Iterable[sqlite3.Row]) -> list[Node]:
    """The roots of these items, in their order, with what leads to them."""
    nodes: dict[int, Node] = {}
    roots: list[Node] = []

    def place(item: sqlite3.Row) -> Node:
        if item["id"] in nodes:
            return nodes[item["id"]]
        node = nodes[item["id"]] = Node(item)
        parent = item["parent_id"] and store.row("SELECT * FROM items WHERE id = ?", item["parent_id"])
        (place(parent).children if parent else roots).append(node)
        return node

    for item in items:
        place(item)
    return roots
