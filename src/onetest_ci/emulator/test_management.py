"""Test Management: test cases and how far they are automated.

See docs/onetest-api.md#test-management, #linking-to-test-cases.

List, create, update and the coverage report are documented, the bodies in part.
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
from onetest_ci.emulator.paging import PAGE_QUERY, query_integer
from onetest_ci.emulator.request_body import Choice, JsonBody, Text
from onetest_ci.emulator.store import Store

BASE = "/api/test-management/api/v1"
CASES = f"{BASE}/products/{{product_id}}/test-cases"
CASE = f"{BASE}/test-cases/{{case_id}}"

EXECUTION_TYPES = ("manual", "automated")
STATUSES = ("draft", "ready", "deprecated", "archived")
# The documented ones; OneTest lets each product configure its own, a local OneTest does not.
CATEGORIES = ("functional", "performance", "security", "accessibility", "exploratory", "api")

COVERAGE_SECONDS = 300

_TITLE = 500
_WORD = 50
_REFERENCE = 1024

NEW_CASE = JsonBody(
    title=Text(limit=_TITLE, required=True),
    description=Text(),
    execution_type=Choice(allowed=EXECUTION_TYPES, default="manual"),
    test_category=Choice(allowed=CATEGORIES),
    # p0-p3, p1-p4 or P0-P4, by source (docs/onetest-api.md#test-management): passed through.
    priority=Text(limit=_WORD),
    status=Choice(allowed=STATUSES, default="draft"),
    automation_test_id=Text(limit=_REFERENCE),
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
    """Test cases by number; ``cursor`` is the last number of the page before."""
    limit, after = query_integer(call, "limit"), query_integer(call, "cursor", 0)
    rows = call.store.rows(
        "SELECT * FROM test_cases WHERE product_id = ? AND number > ? ORDER BY number LIMIT ?",
        call.product,
        after,
        limit + 1,
    )
    total = call.store.value("SELECT count(*) FROM test_cases WHERE product_id = ?", call.product)
    following = None
    if len(rows) > limit:
        following = f"{call.url(call.request.url.path)}?limit={limit}&cursor={rows[limit - 1]['number']}"
    return JSONResponse({"items": [_public(row) for row in rows[:limit]], "total": total, "next": following})


async def add_case(call: Call) -> Response:
    """A test case with the product's next TC-number."""
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
    """One test case."""
    return _case_response(call, _case(call)["id"], 200)


async def update_case(call: Call) -> Response:
    """Change the fields that are given; each change makes a new version."""
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


class _Judged(NamedTuple):
    """A test case, as the report counts it; ``verdict`` is of an automated one."""

    priority: str | None
    category: str | None
    verdict: str | None


async def coverage(call: Call) -> Response:
    """Which cases marked automated have results. Cached for 5 minutes unless ``no_cache=true``.

    A case is linked when one of its references equals the code_ref of a result of this product, both
    normalized; marked, without a reference, it counts as such; the rest is the gap.
    """
    now = call.services.clock()
    cached = call.store.row("SELECT * FROM coverage_reports WHERE product_id = ?", call.product)
    fresh = cached is not None and now - cached["made_at"] < COVERAGE_SECONDS * 1_000_000
    if cached is not None and fresh and call.query("no_cache") != "true":
        return Response(cached["report"], media_type="application/json")
    response = JSONResponse(_report(_judge(call.store, call.product)))
    call.store.run(
        "INSERT OR REPLACE INTO coverage_reports (product_id, made_at, report) VALUES (?, ?, ?)",
        call.product,
        now,
        bytes(response.body).decode(),
    )
    return response


def normalized(reference: str) -> str:
    """``file::Class::method`` as ``file:Class.method``: later ``::`` differ.

    See docs/onetest-api.md#linking-to-test-cases.
    """
    file, separator, rest = reference.partition("::")
    return f"{file}:{rest.replace('::', '.')}" if separator else reference


def _judge(store: Store, product_id: str) -> list[_Judged]:
    seen = {
        normalized(row["code_ref"])
        for row in store.rows(
            "SELECT DISTINCT code_ref FROM items JOIN launches ON launches.id = launch_id"
            " WHERE product_id = ? AND code_ref IS NOT NULL",
            product_id,
        )
    }
    judged = []
    cases = "SELECT * FROM test_cases WHERE product_id = ? AND status <> 'archived'"
    for case in store.rows(cases, product_id):
        # Lines or spaces separate references (docs/onetest-api.md#linking-to-test-cases).
        references = (case["automation_test_id"] or "").split()
        verdict = None
        if case["execution_type"] == "automated":
            linked = any(normalized(reference) in seen for reference in references)
            verdict = "linked" if linked else "gap" if references else "no reference"
        judged.append(_Judged(case["priority"], case["test_category"], verdict))
    return judged


def _report(judged: list[_Judged]) -> dict[str, Any]:
    verdicts = Counter(case.verdict for case in judged)
    marked = len(judged) - verdicts[None]
    return {
        "total_test_cases": len(judged),
        "execution_type_distribution": {"manual": verdicts[None], "automated": marked},
        "marked_automated": marked,
        "linked_to_results": verdicts["linked"],
        "no_automation_ref": verdicts["no reference"],
        "automation_gap": verdicts["gap"],
        "automation_gap_percentage": _percentage(verdicts["gap"], marked),
        "coverage_by_priority": _by("priority", judged),
        "coverage_by_category": _by("category", judged),
    }


def _by(column: str, judged: Iterable[_Judged]) -> list[dict[str, Any]]:
    groups: dict[str | None, list[_Judged]] = {}
    for case in judged:
        groups.setdefault(getattr(case, column), []).append(case)
    rows = []
    for value, cases in sorted(groups.items(), key=lambda group: (group[0] is None, group[0] or "")):
        verdicts = Counter(case.verdict for case in cases)
        automated = len(cases) - verdicts[None]
        gap = _percentage(verdicts["gap"], automated)
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
