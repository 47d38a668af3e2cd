"""Statuses that nobody gave, and the counts (contract §7.3, §7.4)."""

from onetest_ci.emulator.store import Store, pack

# Each status and the test or step items that have it; what OneTest's application counts.
COUNTED = ("passed", "failed", "skipped", "interrupted", "cancelled", "in_progress")


def of_children(store: Store, item_id: int) -> str | None:
    """A container's status, from its children; ``None`` when it has none."""
    found = {
        row["status"] for row in store.rows("SELECT DISTINCT status FROM items WHERE parent_id = ?", item_id)
    }
    return _together(found)


def of_launch(store: Store, launch_id: int) -> str:
    """A launch's status, from all its items that count."""
    found = {
        row["status"]
        for row in store.rows(
            "SELECT DISTINCT status FROM items WHERE launch_id = ? AND has_stats", launch_id
        )
    }
    worst = _together(found)
    return worst if worst in {"failed", "interrupted"} else "passed"


def _together(statuses: set[str]) -> str | None:
    if not statuses:
        return None
    for bad in ("failed", "interrupted"):
        if bad in statuses:
            return bad
    return statuses.pop() if len(statuses) == 1 and statuses <= {"skipped", "cancelled"} else "passed"


def close_unfinished(store: Store, launch_id: int, end_time: int) -> None:
    """Finish what a finished launch left open: containers by their children, the rest as interrupted."""
    # A child is always younger than its parent, so that going back settles children first.
    unfinished = store.rows(
        "SELECT id FROM items WHERE launch_id = ? AND status = 'in_progress' ORDER BY id DESC", launch_id
    )
    for (item_id,) in unfinished:
        status = of_children(store, item_id) or "interrupted"
        store.update("items", item_id, {"status": status, "end_time": end_time})


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


def settle(store: Store, launch_id: int, status: str | None, end_time: int) -> str:
    """Finish a launch: open items, status, counts. Gives the status."""
    close_unfinished(store, launch_id, end_time)
    settled = status or of_launch(store, launch_id)
    store.update(
        "launches",
        launch_id,
        {"status": settled, "end_time": end_time, "statistics": pack(statistics(store, launch_id))},
    )
    return settled
