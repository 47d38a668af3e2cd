"""Gateway: the tools; what a product has used, and the log of it.

See docs/onetest-api.md#coins-and-limits, #gateway.
"""

from typing import Any

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.calls import Access, Call, Endpoint, Parts
from onetest_ci.emulator.metering import BY_CALL, BY_RUN, EVENTS
from onetest_ci.emulator.paging import PAGE_QUERY, number, page
from onetest_ci.emulator.response_schema import NUMBER, TEXT, TIME, many, maybe, thing, word
from onetest_ci.emulator.response_schema import page as page_of

BASE = "/api/gateway/api/v1"
P = f"{BASE}/products/{{product_id}}"

_LAST = 2**63 - 1


async def tools(_call: Call) -> Response:
    """What an assistant could call; the emulator has none."""
    return JSONResponse({"tools": []})


async def usage(call: Call) -> Response:
    """Coins of the current week, by event, and of the twelve weeks before. No ``budget`` refuses nothing."""
    used = call.parts.meter.usage(call.product)
    weeks = [entry | {"window_start": times.iso(entry["window_start"])} for entry in used["weeks"]]
    ends = {name: times.iso(used[name]) for name in ("window_start", "window_end")}
    return JSONResponse(used | ends | {"weeks": weeks})


async def activity(call: Call) -> Response:
    """Each metered call, newest first: which key, what, which service, coins, when."""
    limit, before = number(call, "limit"), number(call, "cursor", _LAST)
    return page(call, activity_rows(call.parts, call.product, before, limit + 1), limit)


def activity_rows(parts: Parts, product_id: str, before: int, limit: int) -> list[dict[str, Any]]:
    """The newest metered calls before this row."""
    rows = parts.store.rows(
        "SELECT activity.id, time, api_keys.name AS key_name, api_keys.prefix AS key_prefix, event, service,"
        " operation, status, coins FROM activity LEFT JOIN api_keys ON api_keys.id = key_id"
        " WHERE activity.product_id = ? AND activity.id < ? ORDER BY activity.id DESC LIMIT ?",
        product_id,
        before,
        limit,
    )
    return [dict(row) | {"time": times.iso(row["time"])} for row in rows]


_USAGE = thing(
    coins_used=NUMBER,
    budget=maybe(NUMBER),
    coins_remaining=maybe(NUMBER),
    overage=word("allow", "block"),
    hourly_limit=NUMBER,
    metering=word(BY_CALL, BY_RUN),
    window_start=TIME,
    window_end=TIME,
    by_event=many(thing(event=word(*EVENTS), calls=NUMBER, coins=NUMBER)),
    weeks=many(thing(window_start=TIME, coins=NUMBER)),
)
_ACTIVITY = thing(
    id=NUMBER,
    time=TIME,
    key_name=maybe(TEXT),
    key_prefix=maybe(TEXT),
    event=word(*EVENTS),
    service=TEXT,
    operation=TEXT,
    status=NUMBER,
    coins=NUMBER,
)

ENDPOINTS = (
    Endpoint(
        "GET",
        f"{BASE}/tools",
        tools,
        assumed=False,
        answers={200: thing(tools=many({}))},
        answer_assumed=True,
    ),
    Endpoint("GET", f"{P}/usage", usage, Access.SESSION, answers={200: _USAGE}),
    Endpoint(
        "GET", f"{P}/activity", activity, Access.SESSION, query=PAGE_QUERY, answers={200: page_of(_ACTIVITY)}
    ),
)
