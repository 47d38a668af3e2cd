"""What ReportPortal's agents ask of its API v1 besides reporting.

OneTest documents none of these (contract §7.10); agents of today ask, so a local OneTest answers.
"""

import sqlite3

from starlette.responses import JSONResponse, Response

from onetest_ci import __version__
from onetest_ci.emulator.calls import Call, Endpoint
from onetest_ci.emulator.errors import Rp
from onetest_ci.emulator.receiver.bodies import Body
from onetest_ci.emulator.receiver.launches import of_uuid
from onetest_ci.emulator.store import pack

P = "/api/receiver/api/v1/{product_id}"

_ITEM = (
    "SELECT items.id, items.uuid, items.status FROM items JOIN launches ON launches.id = launch_id"
    " WHERE product_id = ?"
)

# ReportPortal's own; each project starts with them (contract §7.5).
_DEFECT_TYPES = (
    ("PRODUCT_BUG", "pb001", "PB", "Product Bug"),
    ("AUTOMATION_BUG", "ab001", "AB", "Automation Bug"),
    ("SYSTEM_ISSUE", "si001", "SI", "System Issue"),
    ("TO_INVESTIGATE", "ti001", "TI", "To Investigate"),
    ("NO_DEFECT", "nd001", "ND", "No Defect"),
)


async def info(_call: Call) -> Response:
    """Which server this is. At this version agents send times in milliseconds, which OneTest documents."""
    return JSONResponse({"build": {"name": "onetest-ci emulator", "version": __version__}})


async def settings(_call: Call) -> Response:
    """A project's settings: ReportPortal's defect types, which agents translate their markers by."""
    return JSONResponse(
        {
            "subTypes": {
                group: [{"locator": locator, "typeRef": group, "shortName": short, "longName": name}]
                for group, locator, short, name in _DEFECT_TYPES
            }
        }
    )


async def launch_by_uuid(call: Call) -> Response:
    """A launch's number in the database."""
    launch = of_uuid(call, call.param("launch"))
    return JSONResponse(
        {
            "id": launch["id"],
            "uuid": launch["uuid"],
            "number": launch["number"],
            "status": launch["status"].upper(),
            "mode": "DEFAULT",
        }
    )


async def item_by_uuid(call: Call) -> Response:
    """An item's number in the database."""
    item = _item(call, "items.uuid = ?", call.param("item"))
    return JSONResponse({"id": item["id"], "uuid": item["uuid"], "status": item["status"].upper()})


async def update_item(call: Call) -> Response:
    """Change an item's description or attributes after the fact."""
    item = _item(call, "items.id = ?", call.row_id("item_id"))
    body = Body(await call.json())
    changes: dict[str, object] = {}
    description, attributes = body.text("description"), body.attributes()
    if description is not None:
        changes["description"] = description
    if attributes is not None:
        changes["attributes"] = pack(attributes)
    call.store.update("items", item["id"], changes)
    return JSONResponse({"message": f"TestItem with ID = '{item['id']}' successfully updated."})


def _item(call: Call, condition: str, value: object) -> sqlite3.Row:
    row = call.store.row(
        f"{_ITEM} AND {condition}",
        call.product,
        value,
    )
    if row is None:
        raise Rp.ITEM_NOT_FOUND(str(value))
    return row


ENDPOINTS = (
    Endpoint("GET", "/api/receiver/api/info", info, assumed=True),
    Endpoint("GET", f"{P}/settings", settings, assumed=True),
    Endpoint("GET", f"{P}/launch/uuid/{{launch}}", launch_by_uuid, assumed=True),
    Endpoint("GET", f"{P}/item/uuid/{{item}}", item_by_uuid, assumed=True),
    Endpoint("PUT", f"{P}/item/{{item_id}}/update", update_item, assumed=True),
)
