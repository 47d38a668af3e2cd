"""Lists whose envelope and paging are not documented (docs/onetest-api.md#paths-of-membership)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from onetest_ci.errors import NotOneTest
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.ids import usable_id

MAX_PAGES: Final = 50
_LONGEST_QUERY: Final = 4096
_ENVELOPES: Final = ("items", "data", "results")


def list_all(
    http: Http, name: str, plural: str, values: Mapping[str, str], query: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the entries of a list call, from at most ``MAX_PAGES`` pages.

    Args:
        http: makes the calls.
        name: the call.
        plural: the entity's name, which may be the envelope's key.
        values: the values of the path's placeholders.
        query: the first page's parameters.

    Raises:
        NotOneTest: ``bad-json``, if the response contains no list, or a next page that cannot be requested.
        ServiceError: as ``Http.send``.
    """
    page = dict(query or {})
    seen = [page]
    for _ in range(MAX_PAGES):
        body = http.send(name, values=values, query=page).body
        entries = _entries(body, plural)
        if entries is None:
            raise NotOneTest("bad-json", f"{http.address} responded to {name} without a list of {plural}")
        yield from (entry for entry in entries if isinstance(entry, dict))
        following = _next_page(body, page, len(entries))
        if following is not None and not _can_be_requested(following):
            raise NotOneTest(
                "bad-json", f"{http.address} responded to {name} with a next page that cannot be requested"
            )
        if following is None or following in seen:
            return
        page = following
        seen.append(page)


def _entries(body: Any, plural: str) -> list[Any] | None:
    """Return the array of the body, or the one in its envelope."""
    if isinstance(body, list):
        return body
    if isinstance(body, dict):
        return next((body[key] for key in (*_ENVELOPES, plural) if isinstance(body.get(key), list)), None)
    return None


def _can_be_requested(query: dict[str, str]) -> bool:
    """Return whether a query is short and printable, without empty values and lone surrogates."""
    texts = [text for pair in query.items() for text in pair]
    return sum(map(len, texts)) <= _LONGEST_QUERY and all(text and text.isprintable() for text in texts)


def _next_page(body: Any, page: dict[str, str], count: int) -> dict[str, str] | None:
    """Return the query of the next page; None on the last one.

    Only the query of a link is used, so that no response can direct the key to another host.
    """
    if not isinstance(body, dict) or not count:
        return None
    for key in ("next", "next_page"):
        link = body.get(key)
        if isinstance(link, str) and "?" in link:
            # Not parsed as a URL: the part before the query may be invalid.
            return page | dict(parse_qsl(link.partition("#")[0].partition("?")[2]))
        if isinstance(link, int) and not isinstance(link, bool):
            return page | {"page": usable_id(link)}
    total, limit, offset = (body.get(key) for key in ("total", "limit", "offset"))
    if (
        isinstance(total, int)
        and isinstance(limit, int)
        and isinstance(offset, int)
        and offset + count < total
    ):
        return page | {"limit": usable_id(limit), "offset": usable_id(offset + count)}
    return None
