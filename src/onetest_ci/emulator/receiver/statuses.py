"""The statuses of items and launches, and the counts of a launch.

A status that a client sent has the mark ``status_given``. Every other one is derived from the items below:
failed if one of them failed, else interrupted if one was interrupted. An item counts if it has the mark
``has_stats``.

See docs/onetest-api.md#finish-a-launch, #start-an-item.
"""

import sqlite3

from onetest_ci.emulator.receiver.enums import CONTAINER_TYPES
from onetest_ci.emulator.store import Store, pack

# The statuses of stored items. The counts of a launch have a number for each.
COUNTED_STATUSES = ("passed", "failed", "skipped", "interrupted", "cancelled", "in_progress")
# The worst first.
_BAD = ("failed", "interrupted")

_ITEM = "SELECT id, parent_id, status, status_given, has_stats FROM items WHERE id = ?"


def status_of_children(store: Store, item_id: int) -> str | None:
    """Return the status of a container, derived from its children; ``None`` if it has none."""
    rows = store.rows("SELECT DISTINCT status FROM items WHERE parent_id = ?", item_id)
    return combined({row["status"] for row in rows})


def status_of_launch(store: Store, launch_id: int) -> str:
    """Return the status of a launch, derived from all items that count."""
    rows = store.rows("SELECT DISTINCT status FROM items WHERE launch_id = ? AND has_stats", launch_id)
    return _worst({row["status"] for row in rows}) or "passed"


def status_at_finish(store: Store, item: sqlite3.Row, requested: str | None) -> str | None:
    """Return the status of an item after a request to finish it; ``None`` if it gets none.

    If the item has ended, the request cannot improve a bad status that a client sent or its children have.
    As in ReportPortal, an empty container that is finished without a status has passed
    (reportportal/service-api, ``FinishTestItemHandlerImpl.processParentItemResult``).
    """
    if item["status"] != "in_progress":
        before = item["status"] if item["status_given"] else status_of_children(store, item["id"])
        return _worst({before, requested}) or requested or str(item["status"])
    if requested:
        return requested
    of_empty = "passed" if item["item_type"] in CONTAINER_TYPES else None
    return status_of_children(store, item["id"]) or of_empty


def propagate(store: Store, launch: sqlite3.Row, item_id: int) -> None:
    """Apply an item's new status to those of its ancestors, and to its launch, that have ended.

    So a failure that arrives after the end of its container or launch still shows there: a derived status is
    derived again, and a status that a client sent can become worse but never better.
    """
    worst = _propagate_to_ancestors(store, item_id)
    if launch["status"] == "in_progress":
        return
    if launch["status_given"]:
        status = _worst({launch["status"], worst}) or str(launch["status"])
    else:
        status = status_of_launch(store, launch["id"])
    counts = pack(count_items(store, launch["id"]))
    store.update("launches", launch["id"], {"status": status, "statistics": counts})


def _propagate_to_ancestors(store: Store, item_id: int) -> str | None:
    """Update the item's ancestors. Return the worst new status of an item that counts, if it is bad."""
    statuses: set[str | None] = set()
    item = store.row(_ITEM, item_id)
    while item is not None:
        if item["has_stats"]:
            statuses.add(item["status"])
        parent = store.row(_ITEM, item["parent_id"])
        # An open parent gets its status at its own end, and its ancestors then get theirs.
        if parent is None or parent["status"] == "in_progress":
            break
        status = _status_of_ended_parent(store, parent, item)
        if status == parent["status"]:
            break
        store.update("items", parent["id"], {"status": status})
        item = store.row(_ITEM, parent["id"])
    return _worst(statuses)


def _status_of_ended_parent(store: Store, parent: sqlite3.Row, child: sqlite3.Row) -> str:
    """Return the status of a parent that has ended, after a child's status has changed."""
    before = str(parent["status"])
    if not parent["status_given"]:
        return status_of_children(store, parent["id"]) or before
    if not child["has_stats"]:  # a nested step can fail in a test that passed
        return before
    return _worst({before, child["status"]}) or before


def worsen_launch(store: Store, launch: sqlite3.Row, status: str | None) -> None:
    """Set the status of a launch that has ended, if the new one is worse."""
    worst = _worst({launch["status"], status})
    if worst and worst != launch["status"]:
        store.update("launches", launch["id"], {"status": worst, "status_given": True})


def _worst(statuses: set[str | None]) -> str | None:
    """Return the worst bad status; ``None`` if there is none."""
    return next((bad for bad in _BAD if bad in statuses), None)


def combined(statuses: set[str]) -> str | None:
    """Return the status of a container whose children have these statuses."""
    if not statuses:
        return None
    if bad := _worst({*statuses}):
        return bad
    return statuses.pop() if len(statuses) == 1 and statuses <= {"skipped", "cancelled"} else "passed"


def _close_open_items(store: Store, launch_id: int, end_time: int) -> None:
    """Finish a launch's open items: a container with its children's status, another item as interrupted."""
    # A child starts after its parent, so the reverse order finishes children first.
    open_items = store.rows(
        "SELECT id FROM items WHERE launch_id = ? AND status = 'in_progress' ORDER BY id DESC", launch_id
    )
    for (item_id,) in open_items:
        status = status_of_children(store, item_id) or "interrupted"
        store.update("items", item_id, {"status": status, "end_time": end_time})
        _propagate_to_ancestors(store, item_id)


def count_items(store: Store, launch_id: int) -> dict[str, int]:
    """Return the numbers of tests and steps that count, in total and by status."""
    counts = dict.fromkeys(("total", *COUNTED_STATUSES), 0)
    for row in store.rows(
        "SELECT status, count(*) AS n FROM items"
        " WHERE launch_id = ? AND has_stats AND item_type IN ('TEST', 'STEP') GROUP BY status",
        launch_id,
    ):
        counts[row["status"]] += row["n"]
        counts["total"] += row["n"]
    return counts


def close_launch(store: Store, launch_id: int, status: str | None, end_time: int) -> None:
    """Finish a launch: its open items, its status (by default derived from the items) and its counts."""
    _close_open_items(store, launch_id, end_time)
    store.update(
        "launches",
        launch_id,
        {
            "status": status or status_of_launch(store, launch_id),
            "status_given": status is not None,
            "end_time": end_time,
            "statistics": pack(count_items(store, launch_id)),
        },
    )
