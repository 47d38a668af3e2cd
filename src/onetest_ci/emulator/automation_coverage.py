"""Test Management: how many automated cases have results (docs/onetest-api.md#test-management)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.call import Call
from onetest_ci.emulator.endpoint import Endpoint
from onetest_ci.emulator.json_schema import INTEGER, TEXT, array, json_object, nullable
from onetest_ci.emulator.store import Store
from onetest_ci.emulator.test_cases import HAS_RESULT, references

_CACHED = 5 * times.MINUTE

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
    is_fresh = cached is not None and now - cached["made_at"] < _CACHED
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


def _counted_cases(store: Store, product_id: str) -> list[_CountedCase]:
    rows = store.rows(
        f"SELECT *, {HAS_RESULT} AS has_result FROM test_cases"  # noqa: S608 - ours
        " WHERE product_id = ? AND status <> 'archived'",
        product_id,
    )
    counted = []
    for case in rows:
        link = None
        if case["execution_type"] == "automated":
            link = "linked" if case["has_result"] else "gap" if references(case) else "no reference"
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


def endpoint(path: str) -> Endpoint:
    """Return the route of the report, at the path of the product's cases."""
    return Endpoint(
        "GET",
        f"{path}/automation-coverage",
        coverage,
        assumed=False,
        query={"no_cache": {"type": "string"}},
        responses={200: _COVERAGE},
    )
