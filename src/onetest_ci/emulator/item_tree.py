"""Items of a launch as a tree, for a page."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from onetest_ci.emulator.store import Store


@dataclass(slots=True)
class Node:
    """An item and those of its children that the page shows."""

    item: sqlite3.Row
    children: "list[Node]" = field(default_factory=list)


def item_tree(store: Store, items: Iterable[sqlite3.Row]) -> list[Node]:
    """Return the roots of a tree that contains these items, in their order, and all their ancestors."""
    nodes: dict[int, Node] = {}
    roots: list[Node] = []

    def insert(item: sqlite3.Row) -> Node:
        if item["id"] in nodes:
            return nodes[item["id"]]
        node = nodes[item["id"]] = Node(item)
        parent = item["parent_id"] and store.row("SELECT * FROM items WHERE id = ?", item["parent_id"])
        (insert(parent).children if parent else roots).append(node)
        return node

    for item in items:
        insert(item)
    return roots
