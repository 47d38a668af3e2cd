"""Results, for a session: read launches, items and logs; finish and delete a launch.

These operations are documented, their paths and responses are not (docs/onetest-api.md#reading-results).
"""

import sqlite3
from typing import Any

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import artifacts, times
from onetest_ci.emulator.call import Call, Services
from onetest_ci.emulator.endpoint import Access, Endpoint, Handler
from onetest_ci.emulator.errors import detail, not_found
from onetest_ci.emulator.json_schema import (
    BOOLEAN,
    INTEGER,
    NO_CONTENT,
    OBJECT,
    TEXT,
    TIME,
    UUID,
    Schema,
    array,
    enum,
    json_object,
    nullable,
    page_schema,
)
from onetest_ci.emulator.paging import MAX_ID, PAGE_QUERY, page, query_cursor, query_limit
from onetest_ci.emulator.receiver import enums, launches, statuses
from onetest_ci.emulator.store import Store, unpack

PREFIX = "/api/receiver/api/v1/products/{product_id}"

SELECT_LOGS = (
    "SELECT logs.*, objects.content_type, objects.size FROM logs LEFT JOIN objects ON objects.id = object_id"
)


_ITEMS_OF_LAUNCH = "SELECT id FROM items WHERE launch_id = ?1"
_OBJECTS_OF_LAUNCH = (
    "SELECT id, sha256 FROM objects WHERE id IN ("  # noqa: S608 - the text is the code's own
    f"SELECT object_id FROM logs WHERE item_id IN ({_ITEMS_OF_LAUNCH})"
    " UNION SELECT object_id FROM logs WHERE launch_id = ?1 AND item_id IS NULL"
    " UNION SELECT object_id FROM import_jobs WHERE launch_id = ?1)"
)


async def list_launches(call: Call) -> Response:
    """List launches, newest first."""
    limit = query_limit(call)
    rows = call.store.rows(
        "SELECT * FROM launches WHERE product_id = ? AND id < ? ORDER BY id DESC LIMIT ?",
        call.product,
        query_cursor(call, MAX_ID),
        limit + 1,
    )
    return page(call, rows, limit, lambda row: public_launch(call, row))


async def read_launch(call: Call) -> Response:
    """Return one launch, by its row id or UUID."""
    return JSONResponse(public_launch(call, _launch(call)))


async def list_items(call: Call) -> Response:
    """List all items of a launch, of all levels, in the order of their start."""
    launch, limit = _launch(call), query_limit(call)
    rows = call.store.rows(
        "SELECT * FROM items WHERE launch_id = ? AND id > ? ORDER BY id LIMIT ?",
        launch["id"],
        query_cursor(call, 0),
        limit + 1,
    )
    return page(call, rows, limit, public_item)


async def read_item(call: Call) -> Response:
    """Return one item, by its row id or UUID."""
    return JSONResponse(public_item(_item(call)))


async def list_item_logs(call: Call) -> Response:
    """List the logs of an item, in the order in which they were saved."""
    return _logs(call, "item_id = ?", _item(call)["id"])


async def list_launch_logs(call: Call) -> Response:
    """List the logs of a launch that belong to no item."""
    return _logs(call, "item_id IS NULL AND logs.launch_id = ?", _launch(call)["id"])


async def finish_launch(call: Call) -> Response:
    """Finish a launch that its reporter left open. Its open items become interrupted."""
    launch = _launch(call)
    if launch["status"] != "in_progress":
        raise detail(409, "The launch is finished")
    with call.store.transaction():
        statuses.close_launch(
            call.store, launch["id"], None, max(call.services.clock(), launch["start_time"])
        )
    return JSONResponse(public_launch(call, _launch(call)))


async def delete_launch(call: Call) -> Response:
    """Delete a launch with its items, logs and attachments. A running import of it is cancelled."""
    _delete(call.services, _launch(call)["id"])
    return Response(status_code=204)


async def attachment_url(call: Call) -> Response:
    """Return a presigned URL of the attachment of a log entry."""
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
    """Return a launch as JSON."""
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
    """Return the counts of a finished launch, stored at its finish, or the current ones of an open launch."""
    stored: dict[str, int] | None = unpack(launch["statistics"])
    return stored or statuses.count_items(store, launch["id"])


def public_item(row: sqlite3.Row) -> dict[str, Any]:
    """Return an item as JSON."""
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
    limit = query_limit(call)
    rows = call.store.rows(
        f"{SELECT_LOGS} WHERE {condition} AND logs.id > ? ORDER BY logs.id LIMIT ?",
        owner,
        query_cursor(call, 0),
        limit + 1,
    )
    return page(call, rows, limit, lambda row: _public_log(call, row))


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
    return call.url(call.services.signer.sign(f"/files/{object_id}")[0])


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


def _item(call: Call) -> sqlite3.Row:
    row = call.store.row(
        "SELECT items.* FROM items JOIN launches ON launches.id = launch_id"
        " WHERE product_id = ?1 AND (items.uuid = ?2 OR items.id = ?3)",
        call.product,
        call.param("item"),
        call.row_id("item"),
    )
    if row is None:
        raise not_found("Item")
    return row


def _delete(services: Services, launch_id: int) -> None:
    """Delete a launch with its items, logs, attachments, and the document that it was imported from."""
    store = services.store
    with store.transaction():
        objects = store.rows(_OBJECTS_OF_LAUNCH, launch_id)
        store.run(
            "UPDATE import_jobs SET status = iif(status IN ('pending', 'processing'), 'cancelled', status),"
            " launch_id = NULL, object_id = NULL WHERE launch_id = ?",
            launch_id,
        )
        store.run(f"DELETE FROM logs WHERE item_id IN ({_ITEMS_OF_LAUNCH})", launch_id)  # noqa: S608 - ours
        store.run("DELETE FROM logs WHERE launch_id = ? AND item_id IS NULL", launch_id)
        # SQLite deletes row by row, and a row must not refer to a parent that is already deleted.
        store.run("UPDATE items SET parent_id = NULL WHERE launch_id = ?", launch_id)
        store.run("DELETE FROM items WHERE launch_id = ?", launch_id)
        store.run("DELETE FROM launches WHERE id = ?", launch_id)
        for entry in objects:
            store.run("DELETE FROM objects WHERE id = ?", entry["id"])
    artifacts.delete_unused(services, [entry["sha256"] for entry in objects])


_ATTRIBUTES = array(
    {
        "type": "object",
        "properties": {"key": nullable(TEXT), "value": TEXT, "system": BOOLEAN},
        "required": ["key", "value"],
        "additionalProperties": False,
    }
)
_STATISTICS = json_object(**dict.fromkeys(("total", *statuses.COUNTED_STATUSES), INTEGER))
_LAUNCH = json_object(
    id=INTEGER,
    uuid=TEXT,
    number=INTEGER,
    name=TEXT,
    status=enum("in_progress", *sorted(enums.LAUNCH_STATUSES)),
    description=nullable(TEXT),
    mode=enum(*sorted(enums.MODES)),
    attributes=_ATTRIBUTES,
    release_id=nullable(UUID),
    sprint_id=nullable(UUID),
    build_id=nullable(UUID),
    environment_id=nullable(UUID),
    start_time=TIME,
    end_time=nullable(TIME),
    statistics=_STATISTICS,
    link=TEXT,
)
_ITEM = json_object(
    id=INTEGER,
    uuid=TEXT,
    parent_id=nullable(INTEGER),
    name=TEXT,
    item_type=enum(*sorted(enums.ITEM_TYPES)),
    status=enum(*statuses.COUNTED_STATUSES),
    code_ref=nullable(TEXT),
    description=nullable(TEXT),
    test_case_id=nullable(TEXT),
    failure_message=nullable(TEXT),
    failure_stacktrace=nullable(TEXT),
    retry_of=nullable(TEXT),
    has_stats=BOOLEAN,
    retry=BOOLEAN,
    attributes=_ATTRIBUTES,
    parameters=array(json_object(key=TEXT, value={})),
    issue=nullable(OBJECT),
    start_time=TIME,
    end_time=nullable(TIME),
)
_FILE = json_object(name=TEXT, content_type=TEXT, size=INTEGER, url=TEXT)
_LOG = json_object(id=INTEGER, level=enum(*enums.LEVELS), message=TEXT, time=TIME, attachment=nullable(_FILE))


def _read(path: str, handler: Handler, schema: Schema, query: Schema | None = None) -> Endpoint:
    return Endpoint(
        "GET", f"{PREFIX}/{path}", handler, Access.SESSION, query=query or {}, responses={200: schema}
    )


ENDPOINTS = (
    _read("launches", list_launches, page_schema(_LAUNCH), PAGE_QUERY),
    _read("launches/{launch}", read_launch, _LAUNCH),
    _read("launches/{launch}/items", list_items, page_schema(_ITEM), PAGE_QUERY),
    _read("launches/{launch}/logs", list_launch_logs, page_schema(_LOG), PAGE_QUERY),
    _read("items/{item}", read_item, _ITEM),
    _read("items/{item}/logs", list_item_logs, page_schema(_LOG), PAGE_QUERY),
    _read("logs/{log}/attachment/url", attachment_url, json_object(url=TEXT)),
    Endpoint(
        "PUT",
        f"{PREFIX}/launches/{{launch}}/finish",
        finish_launch,
        Access.SESSION,
        responses={200: _LAUNCH},
        errors=(409,),
    ),
    Endpoint(
        "DELETE", f"{PREFIX}/launches/{{launch}}", delete_launch, Access.SESSION, responses={204: NO_CONTENT}
    ),
)
