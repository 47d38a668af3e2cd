"""Reading lists whose envelope and paging nobody has documented (docs/onetest-api.md#paths-of-membership)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from onetest_ci.errors import NotOneTest
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.ids import answered_id

MAX_PAGES: Final = 50
_LONGEST_QUERY: Final = 4096
_ENVELOPES: Final = ("items", "data", "results")


def list_all(
    http: Http, name: str, plural: str, values: Mapping[str, str], query: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the entries of a list call, page after page, of at most ``MAX_PAGES`` pages.

    Args:
        http: the connection to use.
        name: the call.
        plural: the entity's name, which may be the envelope's key.
        values: the path's values.
        query: parameters of the first page.

    Raises:
        NotOneTest: ``bad-json``, when the answer holds no list, or a next page that cannot be asked for.
        ServiceError: as ``Http.send``.
    """
    asked = dict(query or {})
    seen = [asked]
    for _ in range(MAX_PAGES):
        body = http.send(name, values=values, query=asked).body
        entries = _entries(body, plural)
        if entries is None:
            raise NotOneTest(
                "bad-json", f"{http.address} answered {name} with JSON that holds no list of {plural}"
            )
        yield from (entry for entry in entries if isinstance(entry, dict))
        following = _following(body, asked, len(entries))
        if following is not None and not _can_be_asked(following):
            raise NotOneTest(
                "bad-json", f"{http.address} answered {name} with a next page that cannot be asked for"
            )
        if following is None or following in seen:
            return
        asked = following
        seen.append(asked)


def _entries(body: Any, plural: str) -> list[Any] | None:
    """The array itself, or the one in an envelope."""
    if isinstance(body, list):
        return body
    if isinstance(body, dict):
        return next((body[key] for key in (*_ENVELOPES, plural) if isinstance(body.get(key), list)), None)
    return None


def _can_be_asked(query: dict[str, str]) -> bool:
    """Whether a query is short and printable, without empty values; a lone surrogate could not be encoded."""
    texts = [text for pair in query.items() for text in pair]
    return sum(map(len, texts)) <= _LONGEST_QUERY and all(text and text.isprintable() for text in texts)


def _following(body: Any, asked: dict[str, str], count: int) -> dict[str, str] | None:
    """The query of the next page.

    Of a link only the query is used, so that no answer can send the key to another place.
    """
    if not isinstance(body, dict) or not count:
        return None
    for key in ("next", "next_page"):
        link = body.get(key)
        if isinstance(link, str) and "?" in link:
            # Not split as an address, which what stands before the query may not be.
            return asked | dict(parse_qsl(link.partition("#")[0].partition("?")[2]))
        if isinstance(link, int) and not isinstance(link, bool):
            return asked | {"page": answered_id(link)}
    total, limit, offset = (body.get(key) for key in ("total", "limit", "offset"))
    if (
        isinstance(total, int)
        and isinstance(limit, int)
        and isinstance(offset, int)
        and offset + count < total
    ):
        return asked | {"limit": answered_id(limit), "offset": answered_id(offset + count)}
    return None
