"""Lists in pages: at most ``limit`` entries and, if there are more, the URL of the next page."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator.call import Call
from onetest_ci.emulator.errors import unprocessable

_DEFAULT_LIMIT = 100
_MAX_LIMIT = 1000
# The largest row id; a list that goes backwards starts here.
MAX_ID = 2**63 - 1
_NOT_AN_INTEGER = "Input should be a valid integer, unable to parse string as an integer"

PAGE_QUERY = {"limit": {"type": "integer"}, "cursor": {"type": "integer"}}


def page(
    call: Call,
    rows: Sequence[Any],
    limit: int,
    public: Callable[[Any], dict[str, Any]] = dict,
    *,
    cursor: str = "id",
    **totals: int,
) -> Response:
    """Return a page.

    Args:
        call: the request.
        rows: ``limit`` rows and, if there are more, one further row.
        limit: maximum entries of the page.
        public: turns a row into an entry.
        cursor: the column by which the list is ordered.
        totals: further numbers of the page.
    """
    shown = rows[:limit]
    following = None
    if len(rows) > limit:
        following = f"{call.url(call.request.url.path)}?limit={limit}&cursor={shown[-1][cursor]}"
    return JSONResponse({"items": [public(row) for row in shown], **totals, "next": following})


def query_limit(call: Call) -> int:
    """Return the query parameter ``limit``. Every integer is accepted; a page has 1 to 1000 entries.

    Raises:
        ApiError: 422, it is not an integer.
    """
    return min(max(_query_integer(call, "limit", _DEFAULT_LIMIT), 1), _MAX_LIMIT)


def query_cursor(call: Call, default: int) -> int:
    """Return the query parameter ``cursor``: the row after which a page begins.

    Raises:
        ApiError: 422, it is not an integer.
    """
    return _query_integer(call, "cursor", default)


def _query_integer(call: Call, name: str, default: int) -> int:
    text = call.query(name)
    if text is None:
        return default
    try:
        return max(-MAX_ID, min(int(text), MAX_ID))
    except ValueError as error:
        problem = {"type": "int_parsing", "loc": ["query", name], "msg": _NOT_AN_INTEGER}
        raise unprocessable(problem | {"input": text}) from error
