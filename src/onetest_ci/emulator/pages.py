"""The pages for a browser: launches, items, keys, usage. They are rendered on the server, without scripts.

A person signs in with the URL that the emulator printed, which works once, or with the session token. A
cookie holds the session. The link that a reporter gets for its launch opens that launch without a session.
Texts in a page come from reports: the templates escape all of them, and the pages' policy allows no script.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.responses import FileResponse, RedirectResponse, Response

from onetest_ci.emulator import api_keys, rendering
from onetest_ci.emulator.call import Call
from onetest_ci.emulator.credentials import PERSONAL_PREFIX, PRODUCT_PREFIXES, NewKey
from onetest_ci.emulator.endpoint import Access, Endpoint, Handler
from onetest_ci.emulator.errors import ApiError, detail, not_found
from onetest_ci.emulator.gateway import activity_rows
from onetest_ci.emulator.membership_store import first_product
from onetest_ci.emulator.paging import MAX_ID
from onetest_ci.emulator.receiver.results import SELECT_LOGS, counts
from onetest_ci.emulator.rendering import page
from onetest_ci.emulator.store import Store, unpack

LAUNCHES_SHOWN = 50
ITEMS_SHOWN = 500
LOGS_SHOWN = 500
_CALLS_SHOWN = 100
_TREND = 40
_MAX_FORM = 64 * 1024

_NO_SESSION = "This is not a session token of this server. Each start of the emulator creates a new one."
_USED_CODE = (
    "This link signs in once and was used, or it is from an earlier start. Sign in with the session token, "
    "or start the emulator again for a new link."
)
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})

_SELECT_LAUNCH = (
    "SELECT launches.*, builds.version AS build, environments.name AS environment FROM launches"
    " LEFT JOIN builds ON builds.id = build_id LEFT JOIN environments ON environments.id = environment_id"
    " WHERE launches.product_id = ?"
)


# --- signing in


def signed_in(handler: Handler) -> Handler:
    """Return a handler that shows the sign-in page unless the browser has a session."""

    async def guarded(call: Call) -> Response:
        if _is_signed_in(call):
            return await handler(call)
        return page("sign_in.html", next=call.request.url.path, problem=None)

    return guarded


def shared(handler: Handler) -> Handler:
    """Return a handler as ``signed_in`` does; the link that the launch's reporter got opens the page too."""

    async def guarded(call: Call) -> Response:
        path = f"/launches/{call.product}/{call.param('launch')}"
        if call.services.signer.is_shared(path, call.query("share")):
            return await handler(call)
        return await signed_in(handler)(call)

    return guarded


async def sign_in(call: Call) -> Response:
    """Open a browser's session, with the code or token in the URL or with the form's token."""
    token, target, code = call.query("token"), call.query("next"), call.query("code")
    if call.request.method == "POST":
        form = await _form(call)
        token, target, code = form.get("token", ""), form.get("next", ""), None
    # Only a path of this server: a link must not lead to another host.
    target = target if target and target.startswith("/") and not target.startswith(("//", "/\\")) else "/"
    if code is not None:
        if _is_signed_in(call):
            return _redirect(target)
        # HEAD, as a preview of the link sends it, does not use up the code.
        token = call.services.credentials.redeem(code) if call.request.method == "GET" else None
        if token is None:
            return page("sign_in.html", HTTPStatus.UNAUTHORIZED, next=target, problem=_USED_CODE)
    caller = call.services.credentials.identify((token or "").strip())
    if caller is None or not caller.is_session:
        problem = None if token is None else _NO_SESSION
        return page("sign_in.html", HTTPStatus.UNAUTHORIZED, next=target, problem=problem)
    response = _redirect(target)
    response.set_cookie(_cookie(call), (token or "").strip(), httponly=True, samesite="lax")
    return response


async def sign_out(call: Call) -> Response:
    """Forget the session in this browser."""
    _check_origin(call)
    response = _redirect("/")
    response.delete_cookie(_cookie(call))
    return response


def _is_signed_in(call: Call) -> bool:
    caller = call.services.credentials.identify(call.request.cookies.get(_cookie(call), ""))
    return caller is not None and caller.is_session


def _cookie(call: Call) -> str:
    """Return the cookie's name. It contains the port, as a browser sends cookies to all ports of a host."""
    return f"onetest_session_{call.request.url.port or ''}"


def _redirect(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, rendering.HEADERS)


def _check_origin(call: Call) -> None:
    """Refuse a form that a page of another site sends.

    Raises:
        ApiError: 403.
    """
    if call.request.headers.get("origin") != call.url(""):
        raise detail(403, "The form was sent from another page")


async def _form(call: Call) -> dict[str, str]:
    _check_origin(call)
    async with call.form(_MAX_FORM) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


# --- launches


@dataclass(slots=True)
class Node:
    """An item and those of its children that the page shows."""

    item: sqlite3.Row
    children: "list[Node]" = field(default_factory=list)


@signed_in
async def home(call: Call) -> Response:
    """Show the launches of the first product."""
    call.act_on(first_product(call.store))
    return _launches(call)


@signed_in
async def launches(call: Call) -> Response:
    """Show a product's launches, newest first."""
    return _launches(call)


def _launches(call: Call) -> Response:
    rows = call.store.rows(
        f"{_SELECT_LAUNCH} AND launches.id < ? ORDER BY launches.id DESC LIMIT ?",
        call.product,
        call.query_row_id("before", MAX_ID),
        LAUNCHES_SHOWN + 1,
    )
    shown = [_with_counts(call, row) for row in rows[:LAUNCHES_SHOWN]]
    return product_page(
        call,
        "launches.html",
        launches=shown,
        trend=shown[:_TREND][::-1] if len(shown) > 1 else [],
        older=shown[-1]["id"] if len(rows) > LAUNCHES_SHOWN else None,
        products=call.store.rows("SELECT id, name FROM products ORDER BY created_at, rowid"),
        base_url=call.url(""),
    )


@shared
async def launch(call: Call) -> Response:
    """Show a launch: status, counts, build, environment, and its items as a tree."""
    found = _with_counts(call, _of_path(call))
    status = call.query("status") or ""
    rows = call.store.rows(
        "SELECT * FROM items WHERE launch_id = ?1 AND id > ?2 AND (?3 = '' OR status = ?3"
        " AND NOT EXISTS (SELECT 1 FROM items AS child WHERE child.parent_id = items.id))"
        " ORDER BY id LIMIT ?4",
        found["id"],
        call.query_row_id("after", 0),
        status,
        ITEMS_SHOWN + 1,
    )
    return product_page(
        call,
        "launch.html",
        launch=found,
        nodes=_item_tree(call.store, rows[:ITEMS_SHOWN]),
        only=status,
        after=rows[ITEMS_SHOWN - 1]["id"] if len(rows) > ITEMS_SHOWN else None,
        logs=_logs(call, "item_id IS NULL AND logs.launch_id = ?", found["id"]),
        start=found["start_time"],
    )


@shared
async def item(call: Call) -> Response:
    """Show an item: its ancestors, its failure, its logs and files."""
    found = _of_path(call)
    row = call.store.row(
        "SELECT * FROM items WHERE launch_id = ? AND id = ?", found["id"], call.row_id("item")
    )
    if row is None:
        raise not_found("Item")
    (node,) = _item_tree(call.store, [row])
    ancestors: list[Node] = []
    while node.children:
        ancestors.append(node)
        node = node.children[0]
    children = call.store.rows(
        "SELECT * FROM items WHERE parent_id = ? ORDER BY id LIMIT ?", row["id"], ITEMS_SHOWN
    )
    return product_page(
        call,
        "item.html",
        launch=found,
        item=dict(row) | {name: unpack(row[name]) for name in ("attributes", "parameters")},
        ancestors=ancestors,
        children=[Node(child) for child in children],
        logs=_logs(call, "item_id = ?", row["id"]),
        start=row["start_time"],
    )


def _item_tree(store: Store, items: Iterable[sqlite3.Row]) -> list[Node]:
    """Return the roots of a tree that contains these items, in their order, and all their ancestors."""
    nodes: dict[int, Node] = {}
    roots: list[Node] = []

    def insert(item: sqlite3.Row) -> Node:
        if item["id"] in nodes:
            return nodes[item["id"]]
        node = nodes[item["id"]] = Node(item)
        parent = item["parent_id"] and store.row("SELECT * FROM items WHERE id = ?", item["parent_id"])
        (insert(parent).children if parent else roots).append(node)
        return node

    for item in items:
        insert(item)
    return roots


def _of_path(call: Call) -> sqlite3.Row:
    row = call.store.row(f"{_SELECT_LAUNCH} AND uuid = ?", call.product, call.param("launch"))
    if row is None:
        raise not_found("Launch")
    return row


def _with_counts(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    attributes = [entry for entry in unpack(row["attributes"]) if not entry.get("system")]
    branch = next((entry["value"] for entry in attributes if entry["key"] == "branch"), None)
    return dict(row) | {"counts": counts(call.store, row), "attributes": attributes, "branch": branch}


def _logs(call: Call, condition: str, owner: int) -> list[dict[str, Any]]:
    rows = call.store.rows(
        f"{SELECT_LOGS} WHERE {condition} ORDER BY logs.id LIMIT ?",
        owner,
        LOGS_SHOWN,
    )
    return [
        dict(row)
        | {
            "file_url": row["object_id"] and call.services.signer.sign(f"/files/{row['object_id']}")[0],
            "is_picture": row["content_type"] in _PICTURES,
        }
        for row in rows
    ]


# --- keys and usage


@signed_in
async def keys(call: Call) -> Response:
    """Show the personal keys and the product's own."""
    return _keys(call)


@signed_in
async def add_key(call: Call) -> Response:
    """Create a key and show it. No later page contains it."""
    form = await _form(call)
    name = form.get("name", "").strip()
    if not 0 < len(name) <= api_keys.MAX_NAME:
        return _keys(call, problem=f"A key needs a name of at most {api_keys.MAX_NAME} characters.")
    prefix = PRODUCT_PREFIXES[0] if form.get("kind") == "product" else PERSONAL_PREFIX
    _, key = call.services.credentials.create(NewKey(name, call.product, prefix))
    return _keys(call, new_key=key)


@signed_in
async def revoke_key(call: Call) -> Response:
    """Revoke a key."""
    _check_origin(call)
    call.services.credentials.revoke(call.row_id("key_id"))
    return _redirect(f"/products/{call.product}/keys")


def _keys(call: Call, **values: Any) -> Response:
    return product_page(
        call,
        "keys.html",
        personal=api_keys.list_keys(call.services),
        of_product=api_keys.list_keys(call.services, call.product),
        cache_seconds=call.services.credentials.cache_seconds,
        **values,
    )


@signed_in
async def usage(call: Call) -> Response:
    """Show the coins of this week and earlier ones, and the log of calls."""
    before = call.query_row_id("before", MAX_ID)
    calls = activity_rows(call.services, call.product, before, _CALLS_SHOWN + 1)
    older = calls[_CALLS_SHOWN - 1]["id"] if len(calls) > _CALLS_SHOWN else None
    used = call.services.meter.usage(call.product)
    return product_page(call, "usage.html", usage=used, calls=calls[:_CALLS_SHOWN], older=older)


async def style(_call: Call) -> Response:
    """Return the style sheet of the pages."""
    return FileResponse(rendering.STYLE, media_type="text/css", headers={"cache-control": "max-age=3600"})


def error_page(error: ApiError) -> Response:
    """Return a refusal as a page."""
    text = str(error.body.get("detail", ""))
    response = page("problem.html", error.status, text=text, phrase=HTTPStatus(error.status).phrase)
    response.headers.update(error.headers or {})
    return response


def product_page(call: Call, template: str, **values: Any) -> Response:
    """Return a page about a product, with its navigation."""
    share = call.query("share")
    return page(
        template,
        product=call.store.row("SELECT id, name FROM products WHERE id = ?", call.product),
        now=call.services.clock(),
        signed_in=_is_signed_in(call),
        path=call.request.url.path,
        # Links keep the token of a shared link, so that its user can open the other pages of the launch.
        query=lambda **more: (
            "?" + urlencode({"share": share, **more} if share else more) if share or more else ""
        ),
        **values,
    )


_PRODUCT = "/products/{product_id}"
_LAUNCH = "/launches/{product_id}/{launch}"

ENDPOINTS = (
    Endpoint("GET", "/", home, Access.OPEN),
    Endpoint("GET", "/style.css", style, Access.OPEN),
    Endpoint("GET", "/sign-in", sign_in, Access.OPEN),
    Endpoint("POST", "/sign-in", sign_in, Access.OPEN),
    Endpoint("POST", "/sign-out", sign_out, Access.OPEN),
    Endpoint("GET", _PRODUCT, launches, Access.OPEN),
    Endpoint("GET", f"{_PRODUCT}/keys", keys, Access.OPEN),
    Endpoint("POST", f"{_PRODUCT}/keys", add_key, Access.OPEN),
    Endpoint("POST", f"{_PRODUCT}/keys/{{key_id}}/revoke", revoke_key, Access.OPEN),
    Endpoint("GET", f"{_PRODUCT}/usage", usage, Access.OPEN),
    Endpoint("GET", _LAUNCH, launch, Access.OPEN),
    Endpoint("GET", f"{_LAUNCH}/items/{{item}}", item, Access.OPEN),
)
