"""ReportPortal v2: launches (contract §7.2, §7.3)."""

import sqlite3
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import lineage
from onetest_ci.emulator.calls import REPORTPORTAL, Call, Endpoint, Parts
from onetest_ci.emulator.errors import Rp
from onetest_ci.emulator.receiver import verdicts, words
from onetest_ci.emulator.receiver.bodies import Body
from onetest_ci.emulator.store import Store, pack

P = f"{REPORTPORTAL}{{product_id}}/launch"

_NAME = 500
_BUILD_VERSION = 255


async def start(call: Call) -> Response:
    """Start a launch; links to release, sprint, build and environment are made on the way."""
    body = Body(await call.json())
    values: dict[str, Any] = {
        "product_id": call.product,
        "uuid": body.uuid() or str(uuid4()),
        "name": body.required("name", _NAME),
        "description": body.text("description"),
        "mode": _mode(body),
        "status": "in_progress",
        "attributes": pack(body.attributes() or []),
        "start_time": body.time("startTime", "start_time"),
    }
    build_version = body.text("build_version", _BUILD_VERSION)
    with call.store.transaction():
        links = lineage.auto_link(call.parts, call.product, body.raw, build_version)
        number = insert(call.parts, values | links._asdict())
    return JSONResponse({"id": values["uuid"], "number": number}, 201)


async def finish(call: Call) -> Response:
    """Finish a launch: close what is open, settle the status, count."""
    launch = of_uuid(call, call.param("launch"))
    body = Body(await call.json())
    end_time = body.time("endTime", "end_time")
    status = _status(body)
    description, attributes = body.text("description"), body.attributes()
    if launch["status"] != "in_progress":
        raise Rp.FINISH_LAUNCH(launch["uuid"])
    if end_time < launch["start_time"]:
        raise Rp.FINISH_BEFORE_START(launch["uuid"])
    changes: dict[str, object] = {}
    if description is not None:
        changes["description"] = description
    if attributes is not None:
        changes["attributes"] = pack(attributes)
    with call.store.transaction():
        call.store.update("launches", launch["id"], changes)
        verdicts.settle(call.store, launch["id"], status, end_time)
    return JSONResponse(
        {"id": launch["uuid"], "number": launch["number"], "link": page_url(call, launch["uuid"])}
    )


def insert(parts: Parts, values: dict[str, Any]) -> int:
    """A launch with the next number of its name; gives the number.

    Raises:
        ApiError: 409/4091, the product has a launch of that uuid.
    """
    store = parts.store
    last = store.value(
        "SELECT max(number) FROM launches WHERE product_id = ? AND name = ?",
        values["product_id"],
        values["name"],
    )
    number: int = (last or 0) + 1
    try:
        store.insert("launches", values | {"number": number})
    except sqlite3.IntegrityError as error:
        raise Rp.ALREADY_EXISTS(values["uuid"]) from error
    return number


def of_uuid(call: Call, uuid: str) -> sqlite3.Row:
    """The product's launch of that uuid.

    Raises:
        ApiError: 404/4041, there is none.
    """
    row = find(call.store, call.product, uuid)
    if row is None:
        raise Rp.LAUNCH_NOT_FOUND(uuid)
    return row


def find(store: Store, product_id: str, uuid: str) -> sqlite3.Row | None:
    """The product's launch of that uuid, as far as reporting needs it."""
    return store.row(
        "SELECT id, uuid, number, status, start_time FROM launches WHERE product_id = ? AND uuid = ?",
        product_id,
        uuid,
    )


def page_url(call: Call, launch_uuid: str) -> str:
    """The address of the launch's page."""
    return call.url(f"/launches/{call.product}/{launch_uuid}")


def _mode(body: Body) -> str:
    mode = body.word("mode") or "default"
    if mode not in words.MODES:
        raise Rp.INCORRECT_REQUEST("Field 'mode' should be DEFAULT or DEBUG.")
    return mode


def _status(body: Body) -> str | None:
    status = body.word("status")
    if status in words.LAUNCH_STATUSES_DERIVED:
        return None
    if status is not None and status not in words.LAUNCH_STATUSES:
        raise Rp.INCORRECT_REQUEST("Field 'status' should be a launch's status.")
    return status


ENDPOINTS = (
    Endpoint("POST", P, start),
    Endpoint("PUT", f"{P}/{{launch}}/finish", finish),
)
