"""All pages of any list. Its paging follows the rules of ``listing``."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from onetest_ci.errors import NotOneTest
from onetest_ci.onetest.listing import can_be_requested, entries_of, next_page

_HINT: Final = "Read one page after the other by its own query, without --paginate."


def all_entries(get: Callable[[str], Any], path: str, query: str) -> list[Any]:
    """Return the entries of all pages of a list.

    Args:
        get: returns the parsed body of the page with a query. It limits the number of pages.
        path: of the list. Its last segment may be the key of the list in the body.
        query: of the first page.

    Raises:
        NotOneTest: ``bad-json``, without a list; ``endless-list``; ``incomplete-list``, if there are fewer
            entries than the list contains by its own total.
        ServiceError: as ``get``.
    """
    plural = path.rstrip("/").rpartition("/")[2].replace("-", "_")
    pairs = parse_qsl(query, keep_blank_values=True)
    # With other parameters, the total may be that of another list.
    begins_at_the_start = {name for name, _ in pairs} <= {"limit"}
    queries, digests = {query}, set()
    entries: list[Any] = []
    while True:
        body = get(query)
        page = entries_of(body, plural)
        if page is None:
            raise NotOneTest("bad-json", f"the response to {path} contains no list", _HINT)
        digest = hashlib.sha256(json.dumps(page, sort_keys=True).encode()).digest()
        if page and digest in digests:
            raise _endless(path, "two pages have the same entries")
        digests.add(digest)
        entries += page
        changes = next_page(body, {}, len(page))
        if changes is None:
            if begins_at_the_start:
                _check_total(body, path, len(entries))
            return entries
        pairs = _changed(pairs, changes)
        query = urlencode(pairs)
        if query in queries:
            raise _endless(path, "a page is its own next page, or an earlier one is")
        queries.add(query)


def _changed(pairs: list[tuple[str, str]], changes: dict[str, str]) -> list[tuple[str, str]]:
    """Return the query of the next page, which differs from this one by some parameters.

    Raises:
        NotOneTest: ``bad-json``, the query cannot be requested.
    """
    if not can_be_requested(changes):
        raise NotOneTest("bad-json", "the response names a next page that cannot be requested", _HINT)
    return [*(pair for pair in pairs if pair[0] not in changes), *changes.items()]


def _check_total(body: Any, path: str, count: int) -> None:
    """Refuse a list that ends before the total that it contains.

    Raises:
        NotOneTest: ``incomplete-list``.
    """
    total = body.get("total") if isinstance(body, dict) else None
    if isinstance(total, int) and not isinstance(total, bool) and total > count:
        raise NotOneTest(
            "incomplete-list",
            f"the list {path} has {total:,} entries by its own total, and its pages end after {count:,}",
            _HINT,
        )


def _endless(path: str, reason: str) -> NotOneTest:
    return NotOneTest("endless-list", f"the list {path} never ends: {reason}", _HINT)
