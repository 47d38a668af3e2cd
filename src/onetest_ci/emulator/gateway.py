"""Gateway: the tools, and what a product has used."""

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.calls import Access, Call, Endpoint

BASE = "/api/gateway/api/v1"


async def tools(_call: Call) -> Response:
    """What an assistant could call; the emulator has none. The path is documented, the body is not."""
    return JSONResponse({"tools": []})


async def usage(call: Call) -> Response:
    """Coins of the current week. Counted, never a reason to refuse: ``budget`` is ``null``."""
    used = call.parts.keys.usage(call.product)
    return JSONResponse(
        {
            "coins_used": used.coins,
            "budget": None,
            "window_start": times.iso(used.start),
            "window_end": times.iso(used.end),
        }
    )


ENDPOINTS = (
    Endpoint("GET", f"{BASE}/tools", tools),
    Endpoint("GET", f"{BASE}/products/{{product_id}}/usage", usage, Access.SESSION, assumed=True),
)
