"""ReportPortal v2: launches (docs/onetest-api.md#start-a-launch, #finish-a-launch)."""

import sqlite3
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator.call import REPORTPORTAL, Call
from onetest_ci.emulator.endpoint import Endpoint
from onetest_ci.emulator.errors import RpError
from onetest_ci.emulator.json_schema import INTEGER, TEXT, json_object
from onetest_ci.emulator.receiver import enums, launch_links, statuses
from onetest_ci.emulator.receiver.request_body import Attributes, Id, RpBody, Status, Time
from onetest_ci.emulator.request_body import Field, Text
from onetest_ci.emulator.store import Store, pack, unpack

PREFIX = f"{REPORTPORTAL}{{product_id}}/launch"

_NAME = 500
_BUILD_VERSION = 255


START = RpBody(
    name=Text(limit=_NAME, required=True),
    startTime=Time(required=True, alias="start_time"),
    uuid=Id(),
    description=Text(),
    attributes=Attributes(alias="tags"),
    mode=Status(words=enums.MODES, default="default"),
    build_version=Text(limit=_BUILD_VERSION),
    # Any value is accepted: a link that cannot be made never fails the launch
    # (docs/onetest-api.md#how-a-launch-finds-its-build).
    release_id=Field(),
    sprint_id=Field(),
    build_id=Field(),
    environment_id=Field(),
)
FINISH = RpBody(
    endTime=Time(required=True, alias="end_time"),
    status=Status(words=enums.LAUNCH_STATUSES | enums.LAUNCH_STATUSES_DERIVED),
    description=Text(),
    attributes=Attributes(alias="tags"),
)


async def start(call: Call) -> Response:
    """Start a launch and link it to its release, sprint, build and environment."""
    values = call.values
    uuid = values["uuid"] or str(uuid4())
    columns: dict[str, Any] = {
        "product_id": call.product,
        "uuid": uuid,
        "name": values["name"],
        "description": values["description"],
        "mode": values["mode"] or "default",
        "status": "in_progress",
        "attributes": pack(values["attributes"] or []),
        "start_time": values["startTime"],
    }
    with call.store.transaction():
        links = launch_links.auto_link(call.services, call.product, values, values["build_version"])
        _, number = insert(call.store, columns | links._asdict())
    return JSONResponse({"id": uuid, "number": number}, 201)


async def finish(call: Call) -> Response:
    """Finish a launch: close open items, set the status, count the items, charge for the tests.

    ReportPortal v2 returns 200 for each finish, even if the launch has ended: it queues the request and drops
    it later (reportportal/service-api, ``LaunchFinishProducer``). Here a further finish can only make the
    status worse.
    """
    launch = by_uuid(call, call.param("launch"))
    status = None if call.values["status"] in enums.LAUNCH_STATUSES_DERIVED else call.values["status"]
    if launch["status"] != "in_progress":
        statuses.worsen_launch(call.store, launch, status)
    elif call.values["endTime"] < launch["start_time"]:
        raise RpError.FINISH_BEFORE_START(launch["uuid"])
    else:
        _end(call, launch, status)
    link = page_url(call, launch["uuid"])
    return JSONResponse({"id": launch["uuid"], "number": launch["number"], "link": link})


def _end(call: Call, launch: sqlite3.Row, status: str | None) -> None:
    with call.store.transaction():
        call.store.update("launches", launch["id"], changes(call.values))
        statuses.close_launch(call.store, launch["id"], status, call.values["endTime"])
    counts = unpack(call.store.value("SELECT statistics FROM launches WHERE id = ?", launch["id"]))
    call.services.meter.charge_ingestion(call.product, call.key_id, "test_ingestion", counts["total"])


def changes(values: dict[str, Any]) -> dict[str, object]:
    """Return the columns that a request changes if it contains a new description or attributes."""
    changed: dict[str, object] = {}
    if values["description"] is not None:
        changed["description"] = values["description"]
    if values["attributes"] is not None:
        changed["attributes"] = pack(values["attributes"])
    return changed


def insert(store: Store, columns: dict[str, Any]) -> tuple[int, int]:
    """Insert a launch with the next number for its name. Return its row id and number.

    Raises:
        ApiError: 409/4091, the product has a launch with this UUID.
    """
    last = store.value(
        "SELECT max(number) FROM launches WHERE product_id = ? AND name = ?",
        columns["product_id"],
        columns["name"],
    )
    number: int = (last or 0) + 1
    try:
        return store.insert("launches", columns | {"number": number}), number
    except sqlite3.IntegrityError as error:
        raise RpError.ALREADY_EXISTS(columns["uuid"]) from error


def by_uuid(call: Call, uuid: str) -> sqlite3.Row:
    """Return the columns that reporting needs of the product's launch with this UUID.

    Raises:
        ApiError: 404/4041, there is none.
    """
    row = call.store.row(
        "SELECT id, uuid, number, status, status_given, start_time FROM launches"
        " WHERE product_id = ? AND uuid = ?",
        call.product,
        uuid,
    )
    if row is None:
        raise RpError.LAUNCH_NOT_FOUND(uuid)
    return row


def page_url(call: Call, launch_uuid: str) -> str:
    """Return the URL of the launch's page. Anybody who has it can open the page."""
    path = f"/launches/{call.product}/{launch_uuid}"
    return call.url(f"{path}?share={call.services.signer.share(path)}")


ENDPOINTS = (
    Endpoint(
        "POST",
        PREFIX,
        start,
        assumed=False,
        body=START,
        responses={201: json_object(id=TEXT, number=INTEGER)},
        errors=(409,),
    ),
    Endpoint(
        "PUT",
        f"{PREFIX}/{{launch}}/finish",
        finish,
        assumed=False,
        body=FINISH,
        responses={200: json_object(id=TEXT, number=INTEGER, link=TEXT)},
        errors=(406,),
    ),
)
