"""Test Management: test cases (contract §5). List, create and update are documented, their bodies in part."""

import sqlite3
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.calls import Call, Endpoint
from onetest_ci.emulator.errors import not_found
from onetest_ci.emulator.fields import Fields

BASE = "/api/test-management/api/v1"

EXECUTION_TYPES = ("manual", "automated")
_TITLE = 500
_WORD = 50
_REFERENCE = 1024


async def list_cases(call: Call) -> Response:
    """All test cases, oldest first."""
    rows = call.store.rows("SELECT * FROM test_cases WHERE product_id = ? ORDER BY number", call.product)
    return JSONResponse({"items": [_public(row) for row in rows], "total": len(rows)})


async def add_case(call: Call) -> Response:
    """A test case with the product's next number."""
    fields = Fields(await call.json())
    title = fields.text("title", _TITLE, required=True)
    values = {"status": "draft", "execution_type": "manual"} | _values(fields)
    now = call.parts.clock()
    case_id = str(uuid4())
    with call.store.transaction():
        last = call.store.value("SELECT max(number) FROM test_cases WHERE product_id = ?", call.product)
        call.store.insert(
            "test_cases",
            {
                "id": case_id,
                "product_id": call.product,
                "number": (last or 0) + 1,
                "title": title,
                **values,
                "version": 1,
                "created_at": now,
                "updated_at": now,
            },
        )
    return _answer(call, case_id, 201)


async def update_case(call: Call) -> Response:
    """Change the fields that are given; each change makes a new version."""
    case_id = call.param("case_id").lower()
    version = call.store.value("SELECT version FROM test_cases WHERE id = ?", case_id)
    if version is None:
        raise not_found("Test case")
    fields = Fields(await call.json())
    title = fields.text("title", _TITLE)
    values = _values(fields)
    if title is not None:
        values["title"] = title
    if values:
        call.store.update(
            "test_cases", case_id, values | {"version": version + 1, "updated_at": call.parts.clock()}
        )
    return _answer(call, case_id, 200)


def _values(fields: Fields) -> dict[str, Any]:
    given = {
        "description": fields.text("description"),
        "test_category": fields.text("test_category", _WORD),
        "priority": fields.text("priority", _WORD),
        "status": fields.text("status", _WORD),
        "automation_test_id": fields.text("automation_test_id", _REFERENCE),
    }
    if "execution_type" in fields:
        given["execution_type"] = fields.one_of("execution_type", EXECUTION_TYPES, "manual")
    fields.done()
    return {name: value for name, value in given.items() if value is not None}


def _answer(call: Call, case_id: str, status: int) -> Response:
    row = call.store.row("SELECT * FROM test_cases WHERE id = ?", case_id)
    return JSONResponse(row and _public(row), status)


def _public(row: sqlite3.Row) -> dict[str, Any]:
    case = dict(row)
    case["number"] = f"TC-{row['number']}"
    case["created_at"] = times.iso(row["created_at"])
    case["updated_at"] = times.iso(row["updated_at"])
    return case


ENDPOINTS = (
    Endpoint("GET", f"{BASE}/products/{{product_id}}/test-cases", list_cases),
    Endpoint("POST", f"{BASE}/products/{{product_id}}/test-cases", add_case),
    Endpoint("PUT", f"{BASE}/test-cases/{{case_id}}", update_case),
)
