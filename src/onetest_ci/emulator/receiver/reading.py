"""Reading results back, with a session (contract §7.10: documented; the shapes are not)."""

import sqlite3
from typing import Any

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.calls import Access, Call, Endpoint
from onetest_ci.emulator.errors import not_found, unprocessable
from onetest_ci.emulator.receiver import launches, verdicts
from onetest_ci.emulator.store import Store, unpack

P = "/api/receiver/api/v1/products/{product_id}"

_DEFAULT_LIMIT = 100
_MAX_LIMIT = 1000
_MAX_ID = 2**63 - 1

_LOGS = (
    "SELECT logs.*, objects.content_type, objects.size FROM logs LEFT JOIN objects ON objects.id = object_id"
)


async def list_launches(call: Call) -> Response:
    """Launches, newest first."""
    rows = call.store.rows(
        "SELECT * FROM launches WHERE product_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
        call.product,
        _number(call, "cursor", _MAX_ID),
        _limit(call) + 1,
    )
    return _page(call, rows, lambda row: public_launch(call, row))


async def read_launch(call: Call) -> Response:
    """One launch, by its number in the database or its UUID."""
    return JSONResponse(public_launch(call, _launch(call)))


async def list_items(call: Call) -> Response:
    """All items of a launch, over all levels, in the order in which they were started."""
    launch = _launch(call)
    rows = call.store.rows(
        "SELECT * FROM items WHERE launch_id = ? AND id > ? ORDER BY id LIMIT ?",
        launch["id"],
        _number(call, "cursor", 0),
        _limit(call) + 1,
    )
    return _page(call, rows, public_item)


async def list_item_logs(call: Call) -> Response:
    """An item's logs, in the order in which they came."""
    item_id = call.store.value(
        "SELECT items.id FROM items JOIN launches ON launches.id = launch_id"
        " WHERE product_id = ?1 AND (items.uuid = ?2 OR items.id = ?3)",
        call.product,
        call.param("item"),
        call.row_id("item"),
    )
    if item_id is None:
        raise not_found("Item")
    return _logs(call, "item_id = ?", item_id)


async def list_launch_logs(call: Call) -> Response:
    """A launch's own logs, those of no item."""
    return _logs(call, "item_id IS NULL AND logs.launch_id = ?", _launch(call)["id"])


async def attachment_url(call: Call) -> Response:
    """A presigned address of a log's attachment."""
    object_id = call.store.value(
        "SELECT object_id FROM logs JOIN launches ON launches.id = launch_id"
        " WHERE logs.id = ? AND product_id = ?",
        call.row_id("log"),
        call.product,
    )
    if object_id is None:
        raise not_found("Attachment")
    return JSONResponse({"url": _file_url(call, object_id)})


def public_launch(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """A launch as it is shown."""
    return {
        "id": row["id"],
        "uuid": row["uuid"],
        "number": row["number"],
        "name": row["name"],
        "status": row["status"],
        "description": row["description"],
        "mode": row["mode"],
        "attributes": unpack(row["attributes"]),
        "release_id": row["release_id"],
        "sprint_id": row["sprint_id"],
        "build_id": row["build_id"],
        "environment_id": row["environment_id"],
        "start_time": times.iso(row["start_time"]),
        "end_time": times.iso(row["end_time"]),
        "statistics": counts(call.store, row),
        "link": launches.page_url(call, row["uuid"]),
    }


def counts(store: Store, launch: sqlite3.Row) -> dict[str, int]:
    """The counts that were made at the finish; of an unfinished launch, those of now."""
    counted: dict[str, int] | None = unpack(launch["statistics"])
    return counted or verdicts.statistics(store, launch["id"])


def public_item(row: sqlite3.Row) -> dict[str, Any]:
    """An item as it is shown."""
    shown = {
        name: row[name]
        for name in (
            "id",
            "uuid",
            "parent_id",
            "name",
            "item_type",
            "status",
            "code_ref",
            "description",
            "test_case_id",
            "failure_message",
            "failure_stacktrace",
            "retry_of",
        )
    }
    return shown | {
        "has_stats": bool(row["has_stats"]),
        "retry": bool(row["retry"]),
        "attributes": unpack(row["attributes"]),
        "parameters": unpack(row["parameters"]),
        "issue": unpack(row["issue"]),
        "start_time": times.iso(row["start_time"]),
        "end_time": times.iso(row["end_time"]),
    }


def _logs(call: Call, condition: str, owner: int) -> Response:
    rows = call.store.rows(
        f"{_LOGS} WHERE {condition} AND logs.id > ? ORDER BY logs.id LIMIT ?",
        owner,
        _number(call, "cursor", 0),
        _limit(call) + 1,
    )
    return _page(call, rows, lambda row: _public_log(call, row))


def _public_log(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    attachment = row["object_id"] and {
        "name": row["file_name"],
        "content_type": row["content_type"],
        "size": row["size"],
        "url": _file_url(call, row["object_id"]),
    }
    return {
        "id": row["id"],
        "level": row["level"],
        "message": row["message"],
        "time": times.iso(row["time"]),
        "attachment": attachment,
    }


def _file_url(call: Call, object_id: int) -> str:
    return call.url(call.parts.signer.sign(f"/files/{object_id}")[0])


def _launch(call: Call) -> sqlite3.Row:
    row = call.store.row(
        "SELECT * FROM launches WHERE product_id = ?1 AND (uuid = ?2 OR id = ?3)",
        call.product,
        call.param("launch"),
        call.row_id("launch"),
    )
    if row is None:
        raise not_found("Launch")
    return row


def _page(call: Call, rows: list[sqlite3.Row], public: Any) -> Response:
    """``limit`` rows and, where one more was found, the address of the next page."""
    limit = _limit(call)
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        following = f"{call.url(call.request.url.path)}?limit={limit}&cursor={shown[-1]['id']}"
    return JSONResponse({"items": [public(row) for row in shown], "next": following})


def _limit(call: Call) -> int:
    """Any limit is accepted; the page has 1 to 1000 entries."""
    return min(max(_number(call, "limit", _DEFAULT_LIMIT), 1), _MAX_LIMIT)


def _number(call: Call, name: str, default: int) -> int:
    text = call.query(name)
    if text is None:
        return default
    try:
        return max(-_MAX_ID, min(int(text), _MAX_ID))
    except ValueError as error:
        raise unprocessable(
            {
                "type": "int_parsing",
                "loc": ["query", name],
                "msg": "Input should be a valid integer",
                "input": text,
            }
        ) from error


ENDPOINTS = (
    Endpoint("GET", f"{P}/launches", list_launches, Access.SESSION, assumed=True),
    Endpoint("GET", f"{P}/launches/{{launch}}", read_launch, Access.SESSION, assumed=True),
    Endpoint("GET", f"{P}/launches/{{launch}}/items", list_items, Access.SESSION, assumed=True),
    Endpoint("GET", f"{P}/launches/{{launch}}/logs", list_launch_logs, Access.SESSION, assumed=True),
    Endpoint("GET", f"{P}/items/{{item}}/logs", list_item_logs, Access.SESSION, assumed=True),
    Endpoint("GET", f"{P}/logs/{{log}}/attachment/url", attachment_url, Access.SESSION, assumed=True),
)
