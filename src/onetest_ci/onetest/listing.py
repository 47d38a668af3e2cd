"""Lists whose envelope and paging are not documented (docs/onetest-api.md#paths-of-membership)."""

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from onetest_ci.errors import BudgetExhausted, NotOneTest
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.ids import usable_id

MAX_PAGES: Final = 50
MAX_ENTRIES: Final = 1_000_000
"""Entries of a whole list."""

_LONGEST_QUERY: Final = 4096
_TOO_MANY: Final = 10**12
"""A total from here on is not a number of entries."""

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
    for number, page in enumerate(_pages(http, name, plural, values, query), 1):
        yield from page.entries
        if page.repeats or number >= MAX_PAGES:
            return


class Listed(NamedTuple):
    """The entries of consecutive pages of a list.

    Attributes:
        entries: each id once.
        last_page: the query of the last page. With it, ``list_added`` reads what is added later.
        pages: number of pages, which is the number of requests.
    """

    entries: list[dict[str, Any]]
    last_page: Mapping[str, str]
    pages: int


def list_added(
    http: Http,
    name: str,
    plural: str,
    values: Mapping[str, str],
    page: Mapping[str, str],
    *,
    max_pages: int = MAX_PAGES,
) -> Listed:
    """Return the entries of one page and of the pages that follow it now.

    Args:
        http: makes the calls.
        name: the call.
        plural: as for ``list_all``.
        values: the values of the path's placeholders.
        page: the query of the page, as in ``Listed``.
        max_pages: maximum number of pages.

    Raises:
        NotOneTest: ``bad-json`` as for ``list_all``.
        ServiceError: as ``Http.send``.
    """
    pages = list(islice(_pages(http, name, plural, values, page), max_pages))
    return Listed([entry for one in pages for entry in one.entries], pages[-1].query, len(pages))


def list_whole(
    http: Http,
    name: str,
    plural: str,
    values: Mapping[str, str],
    *,
    max_calls: int | None = None,
    planned: Callable[[int, int], None] | None = None,
) -> Listed:
    """Return all entries of a list call. A part of the list is an error.

    Args:
        http: makes the calls.
        name: the call.
        plural: as for ``list_all``.
        values: the values of the path's placeholders.
        max_calls: maximum number of requests.
        planned: called with the number of entries and of requests, if the first page shows that there are
            more pages.

    Raises:
        NotOneTest: ``bad-json`` as for ``list_all``; ``endless-list``, if a page repeats an earlier one or
            the list has over ``MAX_ENTRIES``; ``incomplete-list``, if it ends before its total.
        BudgetExhausted: ``over-max-api-calls``, if the first page shows that the list needs more requests.
        ServiceError: as ``Http.send``.
    """
    found: dict[object, dict[str, Any]] = {}
    total = number = 0
    last: Mapping[str, str] = {}
    for number, page in enumerate(_pages(http, name, plural, values), 1):
        last = page.query
        before = len(found)
        for entry in page.entries:
            found.setdefault(usable_id(entry.get("id")) or len(found), entry)
        total = page.total or total
        if number == 1 and page.entries and total > len(page.entries):
            _check_cost(plural, total, math.ceil(total / len(page.entries)), max_calls, planned)
        nothing_new = number > 1 and page.more and len(found) == before
        if page.repeats or nothing_new or len(found) > MAX_ENTRIES:
            raise NotOneTest(
                "endless-list",
                f"{http.address} lists {plural} without an end: page {number:,} contains nothing new or "
                "leads back",
                "Report it to OneTest; the list cannot be used.",
            )
    if len(found) < total:
        raise NotOneTest(
            "incomplete-list",
            f"{http.address} listed {len(found):,} of {total:,} {plural}, and no further page",
            "Run the command again. If it fails again, OneTest returns its pages in a way that this version "
            "cannot read.",
        )
    return Listed(list(found.values()), last, number)


def _check_cost(
    plural: str, total: int, calls: int, max_calls: int | None, planned: Callable[[int, int], None] | None
) -> None:
    if max_calls is not None and calls > max_calls:
        raise BudgetExhausted(
            "over-max-api-calls",
            f"The list of {total:,} {plural.replace('_', ' ')} takes {calls:,} API calls; --max-api-calls "
            f"allows {max_calls:,}. One call was made.",
            "Raise --max-api-calls.",
        )
    if planned is not None:
        planned(total, calls)


class _Page(NamedTuple):
    """A page of a list.

    Attributes:
        query: of its request.
        entries: the objects in it.
        total: entries of the whole list. 0 if the page does not contain the number.
        more: whether it has a next page.
        repeats: whether its next page is an earlier one.
    """

    query: Mapping[str, str]
    entries: list[dict[str, Any]]
    total: int
    more: bool
    repeats: bool


def _pages(
    http: Http, name: str, plural: str, values: Mapping[str, str], query: Mapping[str, str] | None = None
) -> Iterator[_Page]:
    """Yield the pages of a list until one has no next page, or its next page was requested before."""
    page = dict(query or {})
    seen = {frozenset(page.items())}
    following: dict[str, str] | None = page
    while following is not None:
        page = following
        body = http.send(name, values=values, query=page).body
        entries = entries_of(body, plural)
        if entries is None:
            raise NotOneTest("bad-json", f"{http.address} responded to {name} without a list of {plural}")
        following = next_page(body, page, len(entries))
        repeats = following is not None and frozenset(following.items()) in seen
        objects = [entry for entry in entries if isinstance(entry, dict)]
        yield _Page(page, objects, _total(body), following is not None, repeats)
        if repeats:
            return
        if following is not None and not can_be_requested(following):
            raise NotOneTest(
                "bad-json", f"{http.address} responded to {name} with a next page that cannot be requested"
            )
        if following is not None:
            seen.add(frozenset(following.items()))


def _total(body: Any) -> int:
    total = body.get("total") if isinstance(body, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) and 0 < total < _TOO_MANY else 0


def entries_of(body: Any, plural: str) -> list[Any] | None:
    """Return the array of the body, or the one in its envelope."""
    if isinstance(body, list):
        return body
    if isinstance(body, dict):
        return next((body[key] for key in (*_ENVELOPES, plural) if isinstance(body.get(key), list)), None)
    return None


def can_be_requested(query: dict[str, str]) -> bool:
    """Return whether a query is short and printable, without empty values and lone surrogates."""
    texts = [text for pair in query.items() for text in pair]
    return sum(map(len, texts)) <= _LONGEST_QUERY and all(text and text.isprintable() for text in texts)


def next_page(body: Any, page: dict[str, str], count: int) -> dict[str, str] | None:
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
    number, count_of_pages, size = (body.get(key) for key in ("page", "pages", "size"))
    if isinstance(number, int) and isinstance(count_of_pages, int) and number < count_of_pages:
        sized = {"size": usable_id(size)} if isinstance(size, int) else {}
        return page | {"page": usable_id(number + 1)} | sized
    total, limit, offset = (body.get(key) for key in ("total", "limit", "offset"))
    if (
        isinstance(total, int)
        and isinstance(limit, int)
        and isinstance(offset, int)
        and offset + count < total
    ):
        return page | {"limit": usable_id(limit), "offset": usable_id(offset + count)}
    return None
