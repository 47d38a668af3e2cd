"""Test Management: test cases and their automation coverage.

List, create, update and the coverage report are documented, their bodies in part
(docs/onetest-api.md#test-management, #linking-to-test-cases).
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.call import Call
from onetest_ci.emulator.endpoint import Endpoint
from onetest_ci.emulator.errors import not_found
from onetest_ci.emulator.json_schema import INTEGER, TEXT, TIME, UUID, array, enum, json_object, nullable
from onetest_ci.emulator.paging import PAGE_QUERY, page, query_cursor, query_limit
from onetest_ci.emulator.request_body import Choice, JsonBody, Text
from onetest_ci.emulator.store import Store

BASE = "/api/test-management/api/v1"
CASES = f"{BASE}/products/{{product_id}}/test-cases"
CASE = f"{BASE}/test-cases/{{case_id}}"

EXECUTION_TYPES = ("manual", "automated")
STATUSES = ("draft", "ready", "deprecated", "archived")
# The documented ones. In OneTest a product can have categories of its own; the emulator has no such setting.
CATEGORIES = ("functional", "performance", "security", "accessibility", "exploratory", "api")

_COVERAGE_CACHED = 5 * times.MINUTE

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

_CASE = json_object(
    id=UUID,
    product_id=UUID,
    identifier=TEXT,
    number=INTEGER,
    title=TEXT,
    description=nullable(TEXT),
    execution_type=enum(*EXECUTION_TYPES),
    test_category=nullable(enum(*CATEGORIES)),
    priority=nullable(TEXT),
    status=enum(*STATUSES),
    automation_test_id=nullable(TEXT),
    version=INTEGER,
    created_at=TIME,
    updated_at=TIME,
)
_PERCENT = {"type": "number", "minimum": 0, "maximum": 100}
_GROUP = {"total": INTEGER, "automated": INTEGER, "gap_percentage": _PERCENT}
_COVERAGE = json_object(
    total_test_cases=INTEGER,
    execution_type_distribution=json_object(manual=INTEGER, automated=INTEGER),
    marked_automated=INTEGER,
    linked_to_results=INTEGER,
    no_automation_ref=INTEGER,
    automation_gap=INTEGER,
    automation_gap_percentage=_PERCENT,
    coverage_by_priority=array(json_object(priority=nullable(TEXT), **_GROUP)),
    coverage_by_category=array(json_object(category=nullable(TEXT), **_GROUP)),
)


# --- test cases


async def list_cases(call: Call) -> Response:
    """List test cases, ordered by number. ``cursor`` is the last number of the previous page."""
    limit = query_limit(call)
    rows = call.store.rows(
        "SELECT * FROM test_cases WHERE product_id = ? AND number > ? ORDER BY number LIMIT ?",
        call.product,
        query_cursor(call, 0),
        limit + 1,
    )
    total = call.store.value("SELECT count(*) FROM test_cases WHERE product_id = ?", call.product)
    return page(call, rows, limit, _public, cursor="number", total=total)


async def add_case(call: Call) -> Response:
    """Create a test case with the product's next TC-number."""
    now = call.services.clock()
    case_id = str(uuid4())
    with call.store.transaction():
        last = call.store.value("SELECT max(number) FROM test_cases WHERE product_id = ?", call.product)
        call.store.insert(
            "test_cases",
            call.values
            | {"id": case_id, "product_id": call.product, "number": (last or 0) + 1, "version": 1}
            | {"created_at": now, "updated_at": now},
        )
    return _case_response(call, case_id, 201)


async def read_case(call: Call) -> Response:
    """Return one test case."""
    return _case_response(call, _case(call)["id"], 200)


async def update_case(call: Call) -> Response:
    """Change the fields that the body contains. Each change creates a new version."""
    case = _case(call)
    changes = {name: value for name, value in call.values.items() if value != case[name]}
    if changes:
        changes |= {"version": case["version"] + 1, "updated_at": call.services.clock()}
        call.store.update("test_cases", case["id"], changes)
    return _case_response(call, case["id"], 200)


def _case(call: Call) -> sqlite3.Row:
    row = call.store.row("SELECT * FROM test_cases WHERE id = ?", call.param("case_id").lower())
    if row is None:
        raise not_found("Test case")
    call.act_on(row["product_id"])
    return row


def _case_response(call: Call, case_id: str, status: int) -> Response:
    row = call.store.row("SELECT * FROM test_cases WHERE id = ?", case_id)
    return JSONResponse(row and _public(row), status)


def _public(row: sqlite3.Row) -> dict[str, Any]:
    return dict(row) | {
        "identifier": f"TC-{row['number']:04}",
        "created_at": times.iso(row["created_at"]),
        "updated_at": times.iso(row["updated_at"]),
    }


# --- automation coverage


class _CountedCase(NamedTuple):
    """A test case in the report.

    Attributes:
        priority: the case's priority.
        category: the case's category.
        link: of an automated case ``linked``, ``gap`` (its reference has no result) or ``no reference``.
    """

    priority: str | None
    category: str | None
    link: str | None


async def coverage(call: Call) -> Response:
    """Return how many automated cases have results. Cached for 5 minutes unless ``no_cache=true``.

    An automated case is linked if one of its references equals the code_ref of a result of this product, both
    normalized. A case with references of which none is linked is part of the gap.
    """
    now = call.services.clock()
    cached = call.store.row("SELECT * FROM coverage_reports WHERE product_id = ?", call.product)
    is_fresh = cached is not None and now - cached["made_at"] < _COVERAGE_CACHED
    if cached is not None and is_fresh and call.query("no_cache") != "true":
        return Response(cached["report"], media_type="application/json")
    response = JSONResponse(_report(_counted_cases(call.store, call.product)))
    call.store.run(
        "INSERT OR REPLACE INTO coverage_reports (product_id, made_at, report) VALUES (?, ?, ?)",
        call.product,
        now,
        bytes(response.body).decode(),
    )
    return response


def _normalize(reference: str) -> str:
    """Return ``file::Class::method`` as ``file:Class.method``: the first ``::`` is ``:``, later ones ``.``.

    See docs/onetest-api.md#linking-to-test-cases.
    """
    file, separator, rest = reference.partition("::")
    return f"{file}:{rest.replace('::', '.')}" if separator else reference


def _counted_cases(store: Store, product_id: str) -> list[_CountedCase]:
    with_results = {
        _normalize(row["code_ref"])
        for row in store.rows(
            "SELECT DISTINCT code_ref FROM items JOIN launches ON launches.id = launch_id"
            " WHERE product_id = ? AND code_ref IS NOT NULL",
            product_id,
        )
    }
    counted = []
    cases = "SELECT * FROM test_cases WHERE product_id = ? AND status <> 'archived'"
    for case in store.rows(cases, product_id):
        # Lines or spaces separate references (docs/onetest-api.md#linking-to-test-cases).
        references = (case["automation_test_id"] or "").split()
        link = None
        if case["execution_type"] == "automated":
            is_linked = any(_normalize(reference) in with_results for reference in references)
            link = "linked" if is_linked else "gap" if references else "no reference"
        counted.append(_CountedCase(case["priority"], case["test_category"], link))
    return counted


def _report(counted: list[_CountedCase]) -> dict[str, Any]:
    links = Counter(case.link for case in counted)
    automated = len(counted) - links[None]
    return {
        "total_test_cases": len(counted),
        "execution_type_distribution": {"manual": links[None], "automated": automated},
        "marked_automated": automated,
        "linked_to_results": links["linked"],
        "no_automation_ref": links["no reference"],
        "automation_gap": links["gap"],
        "automation_gap_percentage": _percentage(links["gap"], automated),
        "coverage_by_priority": _groups("priority", counted),
        "coverage_by_category": _groups("category", counted),
    }


def _groups(column: str, counted: Iterable[_CountedCase]) -> list[dict[str, Any]]:
    groups: dict[str | None, list[_CountedCase]] = {}
    for case in counted:
        groups.setdefault(getattr(case, column), []).append(case)
    rows = []
    for value, cases in sorted(groups.items(), key=lambda group: (group[0] is None, group[0] or "")):
        links = Counter(case.link for case in cases)
        automated = len(cases) - links[None]
        gap = _percentage(links["gap"], automated)
        rows.append({column: value, "total": len(cases), "automated": automated, "gap_percentage": gap})
    return rows


def _percentage(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


_LIST = json_object(items=array(_CASE), total=INTEGER, next=nullable(TEXT))

ENDPOINTS = (
    Endpoint(
        "GET",
        CASES,
        list_cases,
        assumed=False,
        query=PAGE_QUERY,
        responses={200: _LIST},
        response_assumed=True,
    ),
    Endpoint(
        "POST", CASES, add_case, assumed=False, body=NEW_CASE, responses={201: _CASE}, response_assumed=True
    ),
    Endpoint(
        "GET",
        f"{CASES}/automation-coverage",
        coverage,
        assumed=False,
        query={"no_cache": {"type": "string"}},
        responses={200: _COVERAGE},
    ),
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
)
