"""Test Management: test cases, their versions and their results.

List, create, update and the coverage report are documented, their bodies in part
(docs/onetest-api.md#test-management, #linking-to-test-cases).
"""

import sqlite3
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import automation_coverage, test_cases, times
from onetest_ci.emulator.call import Call
from onetest_ci.emulator.endpoint import Endpoint
from onetest_ci.emulator.errors import not_found, unprocessable
from onetest_ci.emulator.json_schema import (
    INTEGER,
    MESSAGE,
    TEXT,
    TIME,
    UUID,
    array,
    enum,
    json_object,
    nullable,
    page_schema,
)
from onetest_ci.emulator.paging import MAX_ID, PAGE_QUERY, page, query_cursor, query_limit
from onetest_ci.emulator.receiver import launches
from onetest_ci.emulator.receiver.statuses import COUNTED_STATUSES
from onetest_ci.emulator.request_body import Choice, Field, InvalidValue, JsonBody, Text

BASE = "/api/test-management/api/v1"
CASES = f"{BASE}/products/{{product_id}}/test-cases"
CASE = f"{BASE}/test-cases/{{case_id}}"

EXECUTION_TYPES = ("manual", "automated")
STATUSES = ("draft", "ready", "deprecated", "archived")
# The documented ones. In OneTest a product can have categories of its own; the emulator has no such setting.
CATEGORIES = ("functional", "performance", "security", "accessibility", "exploratory", "api")

_MAX_TITLE = 500
_MAX_PRIORITY = 50
_MAX_REFERENCES = 1024

NEW_CASE = JsonBody(
    title=Text(limit=_MAX_TITLE, required=True),
    description=Text(),
    execution_type=Choice(allowed=EXECUTION_TYPES, default="manual"),
    test_category=Choice(allowed=CATEGORIES),
    # The sources disagree on the spelling (docs/onetest-api.md#test-management), so any text is stored.
    priority=Text(limit=_MAX_PRIORITY),
    status=Choice(allowed=STATUSES, default="draft"),
    automation_test_id=Text(limit=_MAX_REFERENCES),
)

# A case in a list must equal the parameter's value.
_FILTERS: Mapping[str, Field] = MappingProxyType(
    {name: NEW_CASE.fields[name] for name in ("execution_type", "test_category", "priority", "status")}
)
_LINKED = Choice(allowed=("true", "false"))

_RESULT = json_object(
    launch_id=TEXT,
    launch_name=TEXT,
    launch_number=INTEGER,
    status=enum(*COUNTED_STATUSES),
    results=INTEGER,
    time=TIME,
    link=TEXT,
)
_FIELDS = {
    "title": TEXT,
    "description": nullable(TEXT),
    "execution_type": enum(*EXECUTION_TYPES),
    "test_category": nullable(enum(*CATEGORIES)),
    "priority": nullable(TEXT),
    "status": enum(*STATUSES),
    "automation_test_id": nullable(TEXT),
}
_CASE = json_object(
    id=UUID,
    product_id=UUID,
    identifier=TEXT,
    number=INTEGER,
    **_FIELDS,
    version=INTEGER,
    created_at=TIME,
    updated_at=TIME,
    last_result=nullable(_RESULT),
)
_VERSION = json_object(version=INTEGER, created_at=TIME, **_FIELDS)


async def list_cases(call: Call) -> Response:
    """List test cases, ordered by number. ``cursor`` is the last number of the previous page.

    ``search`` is a part of the title; upper and lower case are the same. ``linked`` selects the cases with a
    result, or those without one.
    """
    limit = query_limit(call)
    condition, values = _conditions(call)
    rows = call.store.rows(
        f"SELECT * FROM test_cases WHERE {condition} AND number > ? ORDER BY number LIMIT ?",  # noqa: S608 - ours
        *values,
        query_cursor(call, 0),
        limit + 1,
    )
    total = call.store.value(f"SELECT count(*) FROM test_cases WHERE {condition}", *values)  # noqa: S608 - ours
    return page(call, rows, limit, lambda row: public(call, row), cursor="number", total=total)


def _conditions(call: Call) -> tuple[str, list[str]]:
    """Return the SQL of the request's filters, and its values.

    Raises:
        ApiError: 422, a value does not fit its field.
    """
    conditions, values = ["product_id = ?"], [call.product]
    for name, field in _FILTERS.items():
        if (text := call.query(name)) is not None:
            conditions.append(f"{name} = ?")
            values.append(_query_value(name, field, text))
    if search := call.query("search"):
        conditions.append("instr(lower(title), lower(?)) > 0")
        values.append(search)
    if (linked := call.query("linked")) is not None:
        wanted = _query_value("linked", _LINKED, linked) == "true"
        conditions.append(test_cases.HAS_RESULT if wanted else f"NOT {test_cases.HAS_RESULT}")
    return " AND ".join(conditions), values


def _query_value(name: str, field: Field, text: str) -> str:
    try:
        return str(field.read(text))
    except InvalidValue as error:
        problem = {"type": error.kind, "loc": ["query", name], "msg": f"{error.subject} {error.text}"}
        raise unprocessable(problem | {"input": text}) from error


async def add_case(call: Call) -> Response:
    """Create a test case with the product's next TC-number."""
    with call.store.transaction():
        case_id = test_cases.insert(call.store, call.product, call.values, call.services.clock())
    return _case_response(call, case_id, 201)


async def read_case(call: Call) -> Response:
    """Return one test case."""
    return _case_response(call, _case(call)["id"], 200)


async def update_case(call: Call) -> Response:
    """Change the fields that the body contains. Each change creates a new version."""
    case = _case(call)
    test_cases.change(call.store, case, call.values, call.services.clock())
    return _case_response(call, case["id"], 200)


async def delete_case(call: Call) -> Response:
    """Delete a test case and its versions. Results stay with their launches."""
    case = _case(call)
    test_cases.delete(call.store, case["id"])
    return JSONResponse({"message": f"Deleted test case {_identifier(case)}"})


async def list_versions(call: Call) -> Response:
    """List the versions of a test case, newest first, each with all fields. No version ever changes."""
    limit = query_limit(call)
    case = _case(call)
    rows = test_cases.versions(call.store, case["id"], query_cursor(call, MAX_ID), limit + 1)
    return page(call, rows, limit, _public_version, cursor="version")


async def list_history(call: Call) -> Response:
    """List the launches with results of a test case, newest first.

    All results of one launch are one entry with the worst status.
    """
    limit = query_limit(call)
    rows = test_cases.history(call.store, _case(call), query_cursor(call, MAX_ID), limit + 1)
    return page(call, rows, limit, lambda row: _public_result(call, row))


def _case(call: Call) -> sqlite3.Row:
    row = call.store.row("SELECT * FROM test_cases WHERE id = ?", call.param("case_id").lower())
    if row is None:
        raise not_found("Test case")
    call.act_on(row["product_id"])
    return row


def _case_response(call: Call, case_id: str, status: int) -> Response:
    row = call.store.row("SELECT * FROM test_cases WHERE id = ?", case_id)
    return JSONResponse(row and public(call, row), status)


def public(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    """Return a case as JSON, with its last result."""
    last = test_cases.history(call.store, row, MAX_ID, 1)
    return dict(row) | {
        "identifier": _identifier(row),
        "created_at": times.iso(row["created_at"]),
        "updated_at": times.iso(row["updated_at"]),
        "last_result": _public_result(call, last[0]) if last else None,
    }


def _identifier(row: sqlite3.Row) -> str:
    return f"TC-{row['number']:04}"


def _public_version(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"created_at": times.iso(row["created_at"])}


def _public_result(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "launch_id": row["uuid"],
        "launch_name": row["name"],
        "launch_number": row["number"],
        "status": row["status"],
        "results": row["results"],
        "time": times.iso(row["start_time"]),
        "link": launches.page_url(call, row["uuid"]),
    }


def _assumed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a query parameter that no source documents, for a documented route."""
    return schema | {"x-assumed": True}


_LIST_QUERY = {
    **PAGE_QUERY,
    **{name: field.schema() for name, field in _FILTERS.items()},
    "search": TEXT,
    "linked": _LINKED.schema(),
}
_LIST = json_object(items=array(_CASE), total=INTEGER, next=nullable(TEXT))

ENDPOINTS = (
    Endpoint(
        "GET",
        CASES,
        list_cases,
        assumed=False,
        query={name: _assumed(schema) for name, schema in _LIST_QUERY.items()},
        responses={200: _LIST},
        response_assumed=True,
    ),
    Endpoint(
        "POST", CASES, add_case, assumed=False, body=NEW_CASE, responses={201: _CASE}, response_assumed=True
    ),
    automation_coverage.endpoint(CASES),
    Endpoint("GET", CASE, read_case, responses={200: _CASE}),
    Endpoint(
        "PUT",
        CASE,
        update_case,
        assumed=False,
        body=NEW_CASE.partial(),
        responses={200: _CASE},
        response_assumed=True,
    ),
    Endpoint("DELETE", CASE, delete_case, responses={200: MESSAGE}),
    Endpoint(
        "GET", f"{CASE}/versions", list_versions, query=PAGE_QUERY, responses={200: page_schema(_VERSION)}
    ),
    Endpoint(
        "GET",
        f"{CASE}/execution-history",
        list_history,
        query=PAGE_QUERY,
        responses={200: page_schema(_RESULT)},
    ),
)
