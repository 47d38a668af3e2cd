"""ReportPortal's API v1, as far as its agents use it besides reporting.

OneTest documents none of it (docs/onetest-api.md#reading-results). Current agents need it, so the emulator
serves it.
"""

import sqlite3

from starlette.responses import JSONResponse, Response

from onetest_ci import __version__
from onetest_ci.emulator.call import Call
from onetest_ci.emulator.endpoint import Endpoint
from onetest_ci.emulator.errors import RpError
from onetest_ci.emulator.json_schema import INTEGER, MESSAGE, OBJECT, TEXT, array, json_object
from onetest_ci.emulator.receiver.launches import by_uuid, changes
from onetest_ci.emulator.receiver.request_body import Attributes, RpBody
from onetest_ci.emulator.request_body import Text

PREFIX = "/api/receiver/api/v1/{product_id}"
PROJECT = "/api/receiver/api/v1/project/{product_id}"

_SELECT_ITEM = (
    "SELECT items.id, items.uuid, items.status FROM items JOIN launches ON launches.id = launch_id"
    " WHERE product_id = ?"
)

# The defect types that each project of ReportPortal starts with (docs/onetest-api.md#finish-an-item).
_DEFECT_TYPES = (
    ("PRODUCT_BUG", "pb001", "PB", "Product Bug"),
    ("AUTOMATION_BUG", "ab001", "AB", "Automation Bug"),
    ("SYSTEM_ISSUE", "si001", "SI", "System Issue"),
    ("TO_INVESTIGATE", "ti001", "TI", "To Investigate"),
    ("NO_DEFECT", "nd001", "ND", "No Defect"),
)


async def info(_call: Call) -> Response:
    """Return the server's name and version. With this version, agents send times in milliseconds."""
    return JSONResponse({"build": {"name": "onetest-ci emulator", "version": __version__}})


async def project(call: Call) -> Response:
    """Return a project. pytest-reportportal before 5.6 reports nothing without this response.

    It contains those fields of ReportPortal's ``ProjectResource`` (reportportal/service-api) that exist here.
    Agents read only the status.
    """
    name = call.store.value("SELECT name FROM products WHERE id = ?", call.product)
    return JSONResponse({"projectName": call.product, "organization": name, "users": []})


async def settings(_call: Call) -> Response:
    """Return a project's settings: ReportPortal's defect types, to which agents map their markers."""
    return JSONResponse(
        {
            "subTypes": {
                group: [{"locator": locator, "typeRef": group, "shortName": short, "longName": name}]
                for group, locator, short, name in _DEFECT_TYPES
            }
        }
    )


async def launch_by_uuid(call: Call) -> Response:
    """Return the row id of a launch."""
    launch = by_uuid(call, call.param("launch"))
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
    """Return the row id of an item."""
    item = _item(call, "items.uuid = ?", call.param("item"))
    return JSONResponse({"id": item["id"], "uuid": item["uuid"], "status": item["status"].upper()})


async def update_item(call: Call) -> Response:
    """Change an item's description or attributes, even after its end."""
    item = _item(call, "items.id = ?", call.row_id("item_id"))
    call.store.update("items", item["id"], changes(call.values))
    return JSONResponse({"message": f"TestItem with ID = '{item['id']}' successfully updated."})


def _item(call: Call, condition: str, value: object) -> sqlite3.Row:
    row = call.store.row(f"{_SELECT_ITEM} AND {condition}", call.product, value)
    if row is None:
        raise RpError.ITEM_NOT_FOUND(str(value))
    return row


UPDATE = RpBody(description=Text(), attributes=Attributes(alias="tags"))
_PROJECT = json_object(projectName=TEXT, organization=TEXT, users=array(OBJECT))
_INFO = json_object(build=json_object(name=TEXT, version=TEXT))
_LAUNCH = json_object(id=INTEGER, uuid=TEXT, number=INTEGER, status=TEXT, mode=TEXT)
_ITEM = json_object(id=INTEGER, uuid=TEXT, status=TEXT)

ENDPOINTS = (
    Endpoint("GET", "/api/receiver/api/info", info, assumed=False, responses={200: _INFO}),
    Endpoint("GET", PROJECT, project, responses={200: _PROJECT}),
    Endpoint(
        "GET", f"{PREFIX}/settings", settings, assumed=False, responses={200: json_object(subTypes=OBJECT)}
    ),
    Endpoint(
        "GET", f"{PREFIX}/launch/uuid/{{launch}}", launch_by_uuid, assumed=False, responses={200: _LAUNCH}
    ),
    Endpoint("GET", f"{PREFIX}/item/uuid/{{item}}", item_by_uuid, assumed=False, responses={200: _ITEM}),
    Endpoint(
        "PUT",
        f"{PREFIX}/item/{{item_id}}/update",
        update_item,
        assumed=False,
        body=UPDATE,
        responses={200: MESSAGE},
        errors=(400,),
    ),
)
