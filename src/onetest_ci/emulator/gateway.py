"""Gateway: tools, the coins that a product has used, and the log of its calls.

See docs/onetest-api.md#coins-and-limits, #gateway.
"""

from typing import Any

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.call import Call, Services
from onetest_ci.emulator.endpoint import Access, Endpoint
from onetest_ci.emulator.json_schema import (
    INTEGER,
    OBJECT,
    TEXT,
    TIME,
    UUID,
    array,
    enum,
    json_object,
    nullable,
    page_schema,
)
from onetest_ci.emulator.metering import BY_CALL, BY_RUN, EVENTS
from onetest_ci.emulator.paging import MAX_ID, PAGE_QUERY, page, query_cursor, query_limit

BASE = "/api/gateway/api/v1"
PREFIX = f"{BASE}/products/{{product_id}}"


async def tools(_call: Call) -> Response:
    """List the tools that an assistant can call, each with the schema of its arguments.

    The tools are calls of this server. There is no call that runs a tool, since no source describes one.
    """
    return JSONResponse({"tools": _TOOLS})


async def usage(call: Call) -> Response:
    """Return the coins of this week by event, and of the twelve weeks before.

    Without a budget, ``budget`` and ``coins_remaining`` are null.
    """
    used = call.services.meter.usage(call.product)
    weeks = [entry | {"window_start": times.iso(entry["window_start"])} for entry in used["weeks"]]
    window = {name: times.iso(used[name]) for name in ("window_start", "window_end")}
    return JSONResponse(used | window | {"weeks": weeks})


async def activity(call: Call) -> Response:
    """List the metered calls, newest first: key, operation, service, coins, time."""
    limit, before = query_limit(call), query_cursor(call, MAX_ID)
    return page(call, activity_rows(call.services, call.product, before, limit + 1), limit)


def activity_rows(services: Services, product_id: str, before: int, limit: int) -> list[dict[str, Any]]:
    """Return the newest metered calls before a row."""
    rows = services.store.rows(
        "SELECT activity.id, time, api_keys.name AS key_name, api_keys.prefix AS key_prefix, event, service,"
        " operation, status, coins FROM activity LEFT JOIN api_keys ON api_keys.id = key_id"
        " WHERE activity.product_id = ? AND activity.id < ? ORDER BY activity.id DESC LIMIT ?",
        product_id,
        before,
        limit,
    )
    return [dict(row) | {"time": times.iso(row["time"])} for row in rows]


_PRODUCT = {"product_id": UUID}


def _tool(name: str, service: str, description: str, **arguments: Any) -> dict[str, Any]:
    """Return a tool. Its arguments are required unless their schema accepts null."""
    required = [key for key, schema in arguments.items() if "anyOf" not in schema]
    schema = {"type": "object", "properties": arguments, "required": required}
    return {"name": name, "service": service, "description": description, "input_schema": schema}


_TOOLS = [
    _tool("list_products", "membership", "List the products that the caller can access."),
    _tool("list_environments", "membership", "List the environments of a product.", **_PRODUCT),
    _tool("list_releases", "membership", "List the releases of a product.", **_PRODUCT),
    _tool(
        "list_test_cases",
        "test-management",
        "List the test cases of a product.",
        **_PRODUCT,
        limit=nullable(INTEGER),
        cursor=nullable(INTEGER),
    ),
    _tool(
        "create_test_case",
        "test-management",
        "Create a test case.",
        **_PRODUCT,
        title=TEXT,
        execution_type=nullable(TEXT),
        priority=nullable(TEXT),
        automation_test_id=nullable(TEXT),
    ),
    _tool(
        "update_test_case",
        "test-management",
        "Change fields of a test case.",
        test_case_id=UUID,
        title=nullable(TEXT),
        execution_type=nullable(TEXT),
        priority=nullable(TEXT),
        automation_test_id=nullable(TEXT),
    ),
    _tool("automation_coverage", "test-management", "Report how many cases have results.", **_PRODUCT),
    _tool("list_buckets", "artifacts", "List the buckets of a product.", **_PRODUCT),
    _tool("list_launches", "receiver", "List the launches of a product, newest first.", **_PRODUCT),
]
_TOOL = json_object(
    name=TEXT,
    service=enum("artifacts", "membership", "receiver", "test-management"),
    description=TEXT,
    input_schema=OBJECT,
)
_USAGE = json_object(
    coins_used=INTEGER,
    budget=nullable(INTEGER),
    coins_remaining=nullable(INTEGER),
    overage=enum("allow", "block"),
    hourly_limit=INTEGER,
    metering=enum(BY_CALL, BY_RUN),
    window_start=TIME,
    window_end=TIME,
    by_event=array(json_object(event=enum(*EVENTS), calls=INTEGER, coins=INTEGER)),
    weeks=array(json_object(window_start=TIME, coins=INTEGER)),
)
_ACTIVITY = json_object(
    id=INTEGER,
    time=TIME,
    key_name=nullable(TEXT),
    key_prefix=nullable(TEXT),
    event=enum(*EVENTS),
    service=TEXT,
    operation=TEXT,
    status=INTEGER,
    coins=INTEGER,
)

ENDPOINTS = (
    Endpoint(
        "GET",
        f"{BASE}/tools",
        tools,
        assumed=False,
        responses={200: json_object(tools=array(_TOOL))},
        response_assumed=True,
    ),
    Endpoint("GET", f"{PREFIX}/usage", usage, Access.SESSION, responses={200: _USAGE}),
    Endpoint(
        "GET",
        f"{PREFIX}/activity",
        activity,
        Access.SESSION,
        query=PAGE_QUERY,
        responses={200: page_schema(_ACTIVITY)},
    ),
)
