"""ReportPortal v2: test items (contract §7.4, §7.5)."""

import sqlite3
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator.calls import REPORTPORTAL, Call, Endpoint
from onetest_ci.emulator.errors import Rp
from onetest_ci.emulator.receiver import launches, verdicts, words
from onetest_ci.emulator.receiver.bodies import Body
from onetest_ci.emulator.store import Store, pack

P = f"{REPORTPORTAL}{{product_id}}/item"

NAME = 500
CODE_REF = 1024
_TEST_CASE_ID = 1024
# Times are compared by the millisecond: clients round some of them and others not.
_MILLI = 1000


async def start(call: Call) -> Response:
    """Start an item, at the root or under the parent of the path."""
    body = Body(await call.json())
    launch = launches.of_uuid(call, body.required("launchUuid", alias="launch_id"))
    values = _values(body)
    if launch["status"] != "in_progress":
        raise Rp.START_ITEM(launch["uuid"])
    parent_uuid = call.request.path_params.get("parent")
    parent = of_uuid(call.store, launch["id"], parent_uuid) if parent_uuid else None
    older = parent or launch
    if values["start_time"] // _MILLI < older["start_time"] // _MILLI:
        raise Rp.CHILD_BEFORE_PARENT(values["name"])
    if parent is None and values["retry"]:
        raise Rp.BAD_REQUEST("a root item cannot be a retry")
    try:
        call.store.insert("items", values | {"launch_id": launch["id"], "parent_id": parent and parent["id"]})
    except sqlite3.IntegrityError as error:
        raise Rp.ALREADY_EXISTS(values["uuid"]) from error
    return JSONResponse({"id": values["uuid"]}, 201)


async def finish(call: Call) -> Response:
    """Finish an item; what is given here replaces what was given at its start."""
    body = Body(await call.json())
    launch_uuid = body.text("launchUuid", alias="launch_id")
    if not launch_uuid:
        raise Rp.BAD_REQUEST("launchUuid should not be null")
    launch = launches.of_uuid(call, launch_uuid)
    item = of_uuid(call.store, launch["id"], call.param("item"))
    end_time = body.time("endTime", "end_time")
    changes = _changes(body)
    if item["status"] != "in_progress":
        raise Rp.ITEM_FINISHED(item["uuid"])
    if end_time // _MILLI < item["start_time"] // _MILLI:
        raise Rp.FINISH_BEFORE_START(item["uuid"])
    status = _status(body) or verdicts.of_children(call.store, item["id"])
    if status is None:
        raise Rp.AMBIGUOUS_STATUS(f"There is no status and no child of item '{item['uuid']}'")
    call.store.update("items", item["id"], changes | {"status": status, "end_time": end_time})
    return JSONResponse({"message": f"Accepted finish request for test item ID = {item['uuid']}"})


def of_uuid(store: Store, launch_id: int, uuid: str) -> sqlite3.Row:
    """The launch's item of that uuid.

    Raises:
        ApiError: 404/4043, there is none.
    """
    row = store.row(
        "SELECT id, uuid, status, start_time FROM items WHERE launch_id = ? AND uuid = ?", launch_id, uuid
    )
    if row is None:
        raise Rp.ITEM_NOT_FOUND(uuid)
    return row


def _values(body: Body) -> dict[str, Any]:
    return {
        "uuid": body.uuid() or str(uuid4()),
        "name": body.required("name", NAME),
        "item_type": _item_type(body),
        "status": "in_progress",
        "has_stats": body.flag("hasStats", default=True),
        "code_ref": body.text("codeRef", CODE_REF),
        "description": body.text("description"),
        "attributes": pack(body.attributes() or []),
        "parameters": pack(body.parameters()),
        # ReportPortal crops this one instead of refusing it.
        "test_case_id": (body.text("testCaseId") or "")[:_TEST_CASE_ID] or None,
        "retry": body.flag("retry", default=False),
        "retry_of": body.uuid("retryOf"),
        "start_time": body.time("startTime", "start_time"),
    }


def _changes(body: Body) -> dict[str, object]:
    changes: dict[str, object] = {}
    description, attributes, issue = body.text("description"), body.attributes(), body.get("issue")
    if description is not None:
        changes["description"] = description
    if attributes is not None:
        changes["attributes"] = pack(attributes)
    if issue is not None:
        reason = Body(issue)
        changes["issue"] = pack(issue)
        changes["failure_message"] = reason.text("comment")
    return changes


def _item_type(body: Body) -> str:
    item_type = body.required("type").strip().upper()
    if item_type not in words.ITEM_TYPES:
        raise Rp.ITEM_TYPE(item_type)
    return item_type


def _status(body: Body) -> str | None:
    status = body.word("status")
    if status is not None and status not in words.ITEM_STATUSES:
        raise Rp.INCORRECT_REQUEST("Field 'status' should be an item's status.")
    return words.ITEM_STATUSES[status] if status else None


ENDPOINTS = (
    Endpoint("POST", P, start),
    Endpoint("POST", f"{P}/{{parent}}", start),
    Endpoint("PUT", f"{P}/{{item}}", finish),
)
