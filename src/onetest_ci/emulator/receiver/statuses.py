"""Statuses that no client gave or that a later failure changes, and the counts.

See docs/onetest-api.md#finish-a-launch, #start-an-item.
"""

import sqlite3

from onetest_ci.emulator.receiver.enums import CONTAINER_TYPES
from onetest_ci.emulator.store import Store, pack

# Each status and the test or step items that have it; what OneTest's application counts.
COUNTED = ("passed", "failed", "skipped", "interrupted", "cancelled", "in_progress")
_BAD = ("failed", "interrupted")

_ITEM = "SELECT id, parent_id, status, status_given, has_stats FROM items WHERE id = ?"


def status_of_children(store: Store, item_id: int) -> str | None:
    """Return a container's status from its children; ``None`` when it has none."""
    found = {
        row["status"] for row in store.rows("SELECT DISTINCT status FROM items WHERE parent_id = ?", item_id)
    }
    return _together(found)


def status_of_launch(store: Store, launch_id: int) -> str:
    """Return a launch's status from all its items that count."""
    found = {
        row["status"]
        for row in store.rows(
            "SELECT DISTINCT status FROM items WHERE launch_id = ? AND has_stats", launch_id
        )
    }
    return _worst(found) or "passed"


def status_at_finish(store: Store, item: sqlite3.Row, given: str | None) -> str | None:
    """Return the status of an item that is finished with this status; ``None`` when it has none.

    An item that has ended keeps a bad status. As in ReportPortal, an empty container that is finished without
    a status has passed (reportportal/service-api, ``FinishTestItemHandlerImpl.processParentItemResult``).
    """
    if item["status"] != "in_progress":
        before = item["status"] if item["status_given"] else status_of_children(store, item["id"])
        return _worst({before, given}) or given or str(item["status"])
    if given or item["item_type"] not in CONTAINER_TYPES:
        return given or status_of_children(store, item["id"])
    return status_of_children(store, item["id"]) or "passed"


def propagate(store: Store, launch: sqlite3.Row, item_id: int) -> None:
    """Carry an item's new status to its ancestors and its launch, as far as these have ended.

    A failure that arrives after its container or its launch has ended counts all the same: a derived status
    is derived again, and a status that the client gave can become worse, never better.
    """
    worst = _propagate_to_ancestors(store, item_id)
    if launch["status"] == "in_progress":
        return
    if launch["status_given"]:
        status = _worst({launch["status"], worst}) or str(launch["status"])
    else:
        status = status_of_launch(store, launch["id"])
    counted = pack(statistics(store, launch["id"]))
    store.update("launches", launch["id"], {"status": status, "statistics": counted})


def _propagate_to_ancestors(store: Store, item_id: int) -> str | None:
    """Return the bad status, if any, among the new statuses of items that count."""
    statuses: set[str | None] = set()
    item = store.row(_ITEM, item_id)
    while item is not None:
        if item["has_stats"]:
            statuses.add(item["status"])
        parent = store.row(_ITEM, item["parent_id"])
        # A parent that is open gets its status, and hands it on, when it ends.
        if parent is None or parent["status"] == "in_progress":
            break
        status = _of_ended(store, parent, item)
        if status == parent["status"]:
            break
        store.update("items", parent["id"], {"status": status})
        item = store.row(_ITEM, parent["id"])
    return _worst(statuses)


def _of_ended(store: Store, parent: sqlite3.Row, child: sqlite3.Row) -> str:
    """Return the status of a parent that has ended, now that this child has its status."""
    before = str(parent["status"])
    if not parent["status_given"]:
        return status_of_children(store, parent["id"]) or before
    if not child["has_stats"]:  # a nested step may fail in a test that passed
        return before
    return _worst({before, child["status"]}) or before


def worsen_launch(store: Store, launch: sqlite3.Row, status: str | None) -> None:
    """Give a launch that has ended this status if it is worse."""
    worst = _worst({launch["status"], status})
    if worst and worst != launch["status"]:
        store.update("launches", launch["id"], {"status": worst, "status_given": True})


def _worst(statuses: set[str | None]) -> str | None:
    return next((bad for bad in _BAD if bad in statuses), None)


def _together(statuses: set[str]) -> str | None:
    if not statuses:
        return None
    if bad := _worst({*statuses}):
        return bad
    return statuses.pop() if len(statuses) == 1 and statuses <= {"skipped", "cancelled"} else "passed"


def _close_open_items(store: Store, launch_id: int, end_time: int) -> None:
    """Finish the open items of a finished launch: containers by their children, the rest as interrupted."""
    # A child is always younger than its parent: the reverse order settles children first.
    unfinished = store.rows(
        "SELECT id FROM items WHERE launch_id = ? AND status = 'in_progress' ORDER BY id DESC", launch_id
    )
    for (item_id,) in unfinished:
        status = status_of_children(store, item_id) or "interrupted"
        store.update("items", item_id, {"status": status, "end_time": end_time})
        _propagate_to_ancestors(store, item_id)


def statistics(store: Store, launch_id: int) -> dict[str, int]:
    """Counts of test and step items that have statistics."""
    counts = dict.fromkeys(("total", *COUNTED), 0)
    for row in store.rows(
        "SELECT status, count(*) AS n FROM items"
        " WHERE launch_id = ? AND has_stats AND item_type IN ('TEST', 'STEP') GROUP BY status",
        launch_id,
    ):
        counts[row["status"]] += row["n"]
        counts["total"] += row["n"]
    return counts


def close_launch(store: Store, launch_id: int, status: str | None, end_time: int) -> str:
    """Finish a launch: open items, status, counts. Return the status."""
    _close_open_items(store, launch_id, end_time)
    final_status = status or status_of_launch(store, launch_id)
    store.update(
        "launches",
        launch_id,
        {
            "status": final_status,
            "status_given": status is not None,
            "end_time": end_time,
            "statistics": pack(statistics(store, launch_id)),
        },
    )
    return final_status
