"""Deleting a launch with all that is its own (docs/onetest-api.md#reading-results: cascade and artifacts)."""

from onetest_ci.emulator import artifacts
from onetest_ci.emulator.call import Services

_ITEMS = "SELECT id FROM items WHERE launch_id = ?1"
_OBJECTS = (
    "SELECT id, sha256 FROM objects WHERE id IN ("  # noqa: S608 - the text is all ours
    f"SELECT object_id FROM logs WHERE item_id IN ({_ITEMS})"
    " UNION SELECT object_id FROM logs WHERE launch_id = ?1 AND item_id IS NULL"
    " UNION SELECT object_id FROM import_jobs WHERE launch_id = ?1)"
)


def delete_launch(services: Services, launch_id: int) -> None:
    """Delete a launch: items, logs, attachments, and the document that it was imported from."""
    store = services.store
    with store.transaction():
        objects = store.rows(_OBJECTS, launch_id)
        store.run(
            "UPDATE import_jobs SET status = iif(status IN ('pending', 'processing'), 'cancelled', status),"
            " launch_id = NULL, object_id = NULL WHERE launch_id = ?",
            launch_id,
        )
        store.run(f"DELETE FROM logs WHERE item_id IN ({_ITEMS})", launch_id)  # noqa: S608 - as above
        store.run("DELETE FROM logs WHERE launch_id = ? AND item_id IS NULL", launch_id)
        # Rows go one by one, and none may be left with a parent that is gone.
        store.run("UPDATE items SET parent_id = NULL WHERE launch_id = ?", launch_id)
        store.run("DELETE FROM items WHERE launch_id = ?", launch_id)
        store.run("DELETE FROM launches WHERE id = ?", launch_id)
        for entry in objects:
            store.run("DELETE FROM objects WHERE id = ?", entry["id"])
    artifacts.forget_content(services, [entry["sha256"] for entry in objects])
