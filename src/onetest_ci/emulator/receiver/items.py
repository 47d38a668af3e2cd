"""ReportPortal v2: test items (docs/onetest-api.md#start-an-item, #finish-an-item)."""

import sqlite3
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator.call import REPORTPORTAL, Call
from onetest_ci.emulator.endpoint import Endpoint
from onetest_ci.emulator.errors import RpError
from onetest_ci.emulator.json_schema import MESSAGE, TEXT, Schema, json_object
from onetest_ci.emulator.receiver import enums, launches, statuses
from onetest_ci.emulator.receiver.request_body import Attributes, Id, Parameters, RpBody, Status, Time
from onetest_ci.emulator.request_body import Boolean, Field, InvalidValue, Text
from onetest_ci.emulator.store import Store, pack

PREFIX = f"{REPORTPORTAL}{{product_id}}/item"

MAX_NAME = 500
MAX_CODE_REF = 1024
_MAX_TEST_CASE_ID = 1024
# Times are compared in milliseconds: a client may round some of its times and others not.
_MILLI = 1000


@dataclass(frozen=True, kw_only=True)
class ItemType(Text):
    """One of OneTest's item types, in any case. The refusal has a code of its own."""

    def schema(self) -> Schema:
        return {"type": "string", "enum": sorted(enums.ITEM_TYPES)}

    def read(self, value: Any) -> Any:
        item_type = super().read(value).strip().upper()
        if item_type not in enums.ITEM_TYPES:
            raise RpError.ITEM_TYPE(item_type)
        return item_type


@dataclass(frozen=True, kw_only=True)
class Issue(Field):
    """ReportPortal's description of a defect. OneTest stores the comment as the failure message."""

    def schema(self) -> Schema:
        text = {"type": ["string", "null"]}
        return {"type": "object", "properties": {"issueType": text, "comment": text}}

    def read(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise InvalidValue("dict_type", "should be an object")
        if not isinstance(value.get("comment"), str | None):
            raise InvalidValue("string_type", "should be a string", place=".comment")
        return value


START = RpBody(
    launchUuid=Text(required=True, alias="launch_id"),
    uuid=Id(),
    name=Text(limit=MAX_NAME, required=True),
    type=ItemType(required=True),
    startTime=Time(required=True, alias="start_time"),
    hasStats=Boolean(default=True),
    codeRef=Text(limit=MAX_CODE_REF),
    description=Text(),
    attributes=Attributes(alias="tags"),
    parameters=Parameters(default=()),
    testCaseId=Text(),
    retry=Boolean(),
    retryOf=Id(),
)
FINISH = RpBody(
    launchUuid=Text(alias="launch_id"),
    endTime=Time(required=True, alias="end_time"),
    status=Status(words=frozenset(enums.ITEM_STATUSES)),
    description=Text(),
    attributes=Attributes(alias="tags"),
    issue=Issue(),
    testCaseId=Text(),
    retry=Boolean(default=None),
    retryOf=Id(),
)


async def start(call: Call) -> Response:
    """Start an item at the root of the launch, or as a child of the item in the path."""
    values = call.values
    launch = launches.by_uuid(call, values["launchUuid"])
    if launch["status"] != "in_progress":
        raise RpError.START_ITEM(launch["uuid"])
    parent_uuid = call.request.path_params.get("parent")
    parent = by_uuid(call.store, launch["id"], parent_uuid) if parent_uuid else None
    if values["startTime"] // _MILLI < (parent or launch)["start_time"] // _MILLI:
        raise RpError.CHILD_BEFORE_PARENT(values["name"])
    if parent is None and values["retry"]:
        raise RpError.BAD_REQUEST("a root item cannot be a retry")
    uuid = values["uuid"] or str(uuid4())
    try:
        call.store.insert(
            "items",
            {
                "launch_id": launch["id"],
                "parent_id": parent and parent["id"],
                "uuid": uuid,
                "name": values["name"],
                "item_type": values["type"],
                "status": "in_progress",
                "has_stats": values["hasStats"],
                "code_ref": values["codeRef"],
                "description": values["description"],
                "attributes": pack(values["attributes"] or []),
                "parameters": pack(list(values["parameters"])),
                "test_case_id": _test_case_id(values),
                "retry": values["retry"],
                "retry_of": values["retryOf"],
                "start_time": values["startTime"],
            },
        )
    except sqlite3.IntegrityError as error:
        raise RpError.ALREADY_EXISTS(uuid) from error
    return JSONResponse({"id": uuid}, 201)


async def finish(call: Call) -> Response:
    """Finish an item. Fields of this request replace those of its start.

    ReportPortal v2 returns 200 for each finish, even if the item has ended: it queues the request
    (reportportal/service-api, ``ItemFinishProducer``). Here a further finish can only make the status worse.
    """
    values = call.values
    if not values["launchUuid"]:
        raise RpError.BAD_REQUEST("launchUuid should not be null")
    launch = launches.by_uuid(call, values["launchUuid"])
    item = by_uuid(call.store, launch["id"], call.param("item"))
    if values["endTime"] // _MILLI < item["start_time"] // _MILLI:
        raise RpError.FINISH_BEFORE_START(item["uuid"])
    own_status = enums.ITEM_STATUSES.get(values["status"])
    with call.store.transaction():
        status = statuses.status_at_finish(call.store, item, own_status)
        if status is None:
            raise RpError.AMBIGUOUS_STATUS(f"There is no status and no child of item '{item['uuid']}'")
        end = {"status": status, "end_time": values["endTime"]}
        if own_status:
            end["status_given"] = True
        call.store.update("items", item["id"], _changes(values) | end)
        statuses.propagate(call.store, launch, item["id"])
    return JSONResponse({"message": f"Accepted finish request for test item ID = {item['uuid']}"})


def _changes(values: dict[str, Any]) -> dict[str, object]:
    """Return the columns that a request to finish an item changes, apart from status and time."""
    changes = launches.changes(values)
    if values["issue"] is not None:
        changes |= {"issue": pack(values["issue"]), "failure_message": values["issue"].get("comment")}
    found = {
        "test_case_id": _test_case_id(values),
        "retry": values["retry"],
        "retry_of": values["retryOf"],
    }
    return changes | {name: value for name, value in found.items() if value is not None}


def _test_case_id(values: dict[str, Any]) -> str | None:
    """Return the test case id, cut to OneTest's limit: ReportPortal does not refuse a long one."""
    return (values["testCaseId"] or "")[:_MAX_TEST_CASE_ID] or None


def by_uuid(store: Store, launch_id: int, uuid: str) -> sqlite3.Row:
    """Return the columns that reporting needs of the launch's item with this UUID.

    Raises:
        ApiError: 404/4043, there is none.
    """
    row = store.row(
        "SELECT id, uuid, item_type, status, status_given, start_time FROM items"
        " WHERE launch_id = ? AND uuid = ?",
        launch_id,
        uuid,
    )
    if row is None:
        raise RpError.ITEM_NOT_FOUND(uuid)
    return row


_STARTED = json_object(id=TEXT)

ENDPOINTS = (
    Endpoint("POST", PREFIX, start, assumed=False, body=START, responses={201: _STARTED}, errors=(406, 409)),
    Endpoint(
        "POST",
        f"{PREFIX}/{{parent}}",
        start,
        assumed=False,
        body=START,
        responses={201: _STARTED},
        errors=(406, 409),
    ),
    Endpoint(
        "PUT",
        f"{PREFIX}/{{item}}",
        finish,
        assumed=False,
        body=FINISH,
        responses={200: MESSAGE},
        errors=(406,),
    ),
)
