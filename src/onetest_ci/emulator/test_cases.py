"""The tables of test cases: cases, their versions and references, and the results that belong to a case.

A result belongs to a case if its code_ref equals one of the case's references, both normalized
(docs/onetest-api.md#linking-to-test-cases). Results are not copied: they follow from the launches.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from onetest_ci.emulator.receiver.statuses import combined
from onetest_ci.emulator.store import Store, pack, unpack
from onetest_ci.emulator.tables import normalized

FIELDS = (
    "title",
    "description",
    "execution_type",
    "test_category",
    "priority",
    "status",
    "automation_test_id",
)

# The condition is the index's own: SQLite uses a partial index only if the statement contains it.
_RESULTS = (
    "test_case_references JOIN items ON items.reference = test_case_references.reference"
    " AND items.code_ref IS NOT NULL JOIN launches ON launches.id = items.launch_id"
)

# SQL that is true for a case with a result.
HAS_RESULT = (
    f"EXISTS (SELECT 1 FROM {_RESULTS} WHERE case_id = test_cases.id"  # noqa: S608 - ours
    " AND launches.product_id = test_cases.product_id)"
)


def insert(store: Store, product_id: str, fields: Mapping[str, Any], now: int) -> str:
    """Store a case with the product's next number. Call it inside of a transaction. Return its id."""
    case_id = str(uuid4())
    last = store.value("SELECT max(number) FROM test_cases WHERE product_id = ?", product_id)
    row = {name: fields.get(name) for name in FIELDS}
    row |= {"id": case_id, "product_id": product_id, "number": (last or 0) + 1, "version": 1}
    store.insert("test_cases", row | {"created_at": now, "updated_at": now})
    _save_version(store, case_id, now)
    return case_id


def change(store: Store, case: sqlite3.Row, fields: Mapping[str, Any], now: int) -> None:
    """Change fields of a case. A new version of it is created if a value differs."""
    changes = {name: value for name, value in fields.items() if value != case[name]}
    if changes:
        with store.transaction():
            store.update(
                "test_cases", case["id"], {**changes, "version": case["version"] + 1, "updated_at": now}
            )
            _save_version(store, case["id"], now)


def delete(store: Store, case_id: str) -> None:
    """Delete a case, its versions and its references. Its results stay with their launches."""
    store.run("DELETE FROM test_cases WHERE id = ?", case_id)


def _save_version(store: Store, case_id: str, now: int) -> None:
    """Store the current fields as a version, and the references that they hold."""
    case = store.row("SELECT * FROM test_cases WHERE id = ?", case_id)
    assert case is not None  # noqa: S101 - it was just written
    fields = pack({name: case[name] for name in FIELDS})
    store.insert(
        "test_case_versions",
        {"case_id": case_id, "version": case["version"], "fields": fields, "created_at": now},
    )
    store.run("DELETE FROM test_case_references WHERE case_id = ?", case_id)
    for reference in references(case):
        store.run(
            f"INSERT OR IGNORE INTO test_case_references VALUES (?1, {normalized('?2')})",  # noqa: S608 - ours
            case_id,
            reference,
        )


def references(case: sqlite3.Row) -> list[str]:
    """Return the references of a case. Lines or spaces separate them."""
    return (case["automation_test_id"] or "").split()


def versions(store: Store, case_id: str, before: int, limit: int) -> list[dict[str, Any]]:
    """Return the versions of a case, newest first: ``version``, ``created_at`` and all fields."""
    rows = store.rows(
        "SELECT * FROM test_case_versions WHERE case_id = ? AND version < ? ORDER BY version DESC LIMIT ?",
        case_id,
        before,
        limit,
    )
    return [
        {"version": row["version"], "created_at": row["created_at"], **unpack(row["fields"])} for row in rows
    ]


def history(store: Store, case: sqlite3.Row, before: int, limit: int) -> list[dict[str, Any]]:
    """Return the results of a case, the newest launch first. All results in one launch are one entry.

    Such results are attempts, or runs with different parameters. The worst one is the entry's status.
    """
    rows = store.rows(
        "SELECT launches.id, launches.uuid, launches.name, launches.number, launches.start_time,"  # noqa: S608 - ours
        " group_concat(DISTINCT items.status) AS statuses, count(*) AS results"
        f" FROM {_RESULTS}"
        " WHERE case_id = ? AND launches.product_id = ? AND launches.id < ?"
        " GROUP BY launches.id ORDER BY launches.id DESC LIMIT ?",
        case["id"],
        case["product_id"],
        before,
        limit,
    )
    return [dict(row) | {"status": _status(set(row["statuses"].split(",")))} for row in rows]


def _status(statuses: set[str]) -> str:
    status = combined(statuses)
    return "in_progress" if "in_progress" in statuses and status == "passed" else status or "in_progress"
