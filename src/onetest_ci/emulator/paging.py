"""Lists in pages: ``limit`` entries and, where there are more, the address of the next page."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator.call import Call
from onetest_ci.emulator.errors import unprocessable

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
_MAX_ID = 2**63 - 1

PAGE_QUERY = {"limit": {"type": "integer"}, "cursor": {"type": "integer"}}


def page(
    call: Call, rows: Sequence[Any], limit: int, public: Callable[[Any], dict[str, Any]] = dict
) -> Response:
    """The answer from ``limit`` rows and, where there are more, one row beyond."""
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        following = f"{call.url(call.request.url.path)}?limit={limit}&cursor={shown[-1]['id']}"
    return JSONResponse({"items": [public(row) for row in shown], "next": following})


def query_integer(call: Call, name: str, default: int = DEFAULT_LIMIT) -> int:
    """A query parameter as a whole number. Any ``limit`` is accepted; a page has 1 to 1000 entries.

    Raises:
        ApiError: 422, it is no whole number.
    """
    text = call.query(name)
    if text is None:
        return default
    try:
        value = max(-_MAX_ID, min(int(text), _MAX_ID))
    except ValueError as error:
        problem = {"type": "int_parsing", "loc": ["query", name], "msg": "Input should be a valid integer"}
        raise unprocessable(problem | {"input": text}) from error
    return min(max(value, 1), MAX_LIMIT) if name == "limit" else value
