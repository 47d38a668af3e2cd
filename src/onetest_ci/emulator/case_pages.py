"""The pages of test cases for a browser: each case with its last result, its history and its versions."""

from starlette.responses import Response

from onetest_ci.emulator import test_cases, test_management
from onetest_ci.emulator.call import Call
from onetest_ci.emulator.endpoint import Access, Endpoint
from onetest_ci.emulator.errors import not_found
from onetest_ci.emulator.pages import product_page, signed_in
from onetest_ci.emulator.paging import MAX_ID

CASES_SHOWN = 100
_ENTRIES_SHOWN = 50


@signed_in
async def cases(call: Call) -> Response:
    """Show a product's test cases, ordered by number."""
    rows = call.store.rows(
        "SELECT * FROM test_cases WHERE product_id = ? AND number > ? ORDER BY number LIMIT ?",
        call.product,
        call.query_row_id("after", 0),
        CASES_SHOWN + 1,
    )
    shown = [test_management.public(call, row) for row in rows[:CASES_SHOWN]]
    after = shown[-1]["number"] if len(rows) > CASES_SHOWN else None
    total = call.store.value("SELECT count(*) FROM test_cases WHERE product_id = ?", call.product)
    return product_page(call, "cases.html", cases=shown, after=after, total=total)


@signed_in
async def case(call: Call) -> Response:
    """Show a test case: its fields, its results and its versions, newest first."""
    row = call.store.row(
        "SELECT * FROM test_cases WHERE product_id = ? AND number = ?", call.product, call.row_id("number")
    )
    if row is None:
        raise not_found("Test case")
    return product_page(
        call,
        "case.html",
        case=test_management.public(call, row),
        history=test_cases.history(call.store, row, MAX_ID, _ENTRIES_SHOWN),
        versions=test_cases.versions(call.store, row["id"], MAX_ID, _ENTRIES_SHOWN),
    )


_CASES = "/products/{product_id}/cases"

ENDPOINTS = (
    Endpoint("GET", _CASES, cases, Access.OPEN),
    Endpoint("GET", f"{_CASES}/{{number}}", case, Access.OPEN),
)
