"""What a person sees in a browser: launches, their items, keys, usage. Rendered here, no script needed.

A person signs in by the address that the emulator printed, which works once, or with the session token; a
cookie keeps the session. The link that a
reporter gets for its launch opens that launch alone, without signing in. Every text in a page was written by
somebody else: the templates escape all of them, and the pages' policy allows no script at all.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.responses import FileResponse, RedirectResponse, Response

from onetest_ci.emulator import api_keys, rendering
from onetest_ci.emulator.call import Call
from onetest_ci.emulator.credentials import NewKey
from onetest_ci.emulator.endpoint import Access, Endpoint
from onetest_ci.emulator.errors import ApiError, detail, not_found
from onetest_ci.emulator.gateway import activity_rows
from onetest_ci.emulator.item_tree import Node, branches
from onetest_ci.emulator.receiver.results import counts
from onetest_ci.emulator.rendering import page
from onetest_ci.emulator.store import unpack

LAUNCHES_SHOWN = 50
ITEMS_SHOWN = 500
LOGS_SHOWN = 500
_CALLS_SHOWN = 100
_TREND = 40
_FORM = 64 * 1024
_KEY_NAME = 100
_LAST = 2**63 - 1

_NO_SESSION = "That is not a session of this server. A new start makes a new token."
_USED_CODE = (
    "This link signs in once and was used, or it is from an earlier start. Sign in with the session token, "
    "or start the emulator again for a new link."
)
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})

Handler = Callable[[Call], Awaitable[Response]]

_LAUNCH = (
    "SELECT launches.*, builds.version AS build, environments.name AS environment FROM launches"
    " LEFT JOIN builds ON builds.id = build_id LEFT JOIN environments ON environments.id = environment_id"
    " WHERE launches.product_id = ?"
)


# --- signing in


def signed_in(handler: Handler) -> Handler:
    """Let a signed-in person through, show everybody else the way in."""

    async def guarded(call: Call) -> Response:
        if _is_signed_in(call):
            return await handler(call)
        return page("sign_in.html", next=call.request.url.path, problem=None)

    return guarded


def shared(handler: Handler) -> Handler:
    """As ``signed_in``, and let through whoever has the address that the launch's reporter was given."""

    async def guarded(call: Call) -> Response:
        address = f"/launches/{call.product}/{call.param('launch')}"
        if call.services.signer.is_shared(address, call.query("share")):
            return await handler(call)
        return await signed_in(handler)(call)

    return guarded


async def sign_in(call: Call) -> Response:
    """Open a browser's session, with the code or token of the address or with the form's token."""
    token, target, code = call.query("token"), call.query("next"), call.query("code")
    if call.request.method == "POST":
        form = await _form(call)
        token, target, code = form.get("token", ""), form.get("next", ""), None
    # A path of this server, nothing that leads elsewhere.
    target = target if target and target.startswith("/") and not target.startswith(("//", "/\\")) else "/"
    if code is not None:
        if _is_signed_in(call):
            return RedirectResponse(target, HTTPStatus.SEE_OTHER, rendering.HEADERS)
        # A look at the address alone (HEAD) leaves the code to the person.
        token = call.services.credentials.redeem(code) if call.request.method == "GET" else None
        if token is None:
            return page("sign_in.html", HTTPStatus.UNAUTHORIZED, next=target, problem=_USED_CODE)
    caller = call.services.credentials.identify((token or "").strip())
    if caller is None or not caller.is_session:
        problem = None if token is None else _NO_SESSION
        return page("sign_in.html", HTTPStatus.UNAUTHORIZED, next=target, problem=problem)
    response = RedirectResponse(target, HTTPStatus.SEE_OTHER, rendering.HEADERS)
    response.set_cookie(_cookie(call), (token or "").strip(), httponly=True, samesite="lax")
    return response


async def sign_out(call: Call) -> Response:
    """Forget the session in this browser."""
    _same_origin(call)
    response = RedirectResponse("/", HTTPStatus.SEE_OTHER, rendering.HEADERS)
    response.delete_cookie(_cookie(call))
    return response


def _is_signed_in(call: Call) -> bool:
    caller = call.services.credentials.identify(call.request.cookies.get(_cookie(call), ""))
    return caller is not None and caller.is_session


def _cookie(call: Call) -> str:
    """Browsers keep cookies by host, whatever the port: two emulators on one machine need two names."""
    return f"onetest_session_{call.request.url.port or ''}"


def _same_origin(call: Call) -> None:
    """Refuse a form that another site's page sends.

    Raises:
        ApiError: 403.
    """
    if call.request.headers.get("origin") != call.url(""):
        raise detail(403, "The form was sent from another page")


async def _form(call: Call) -> dict[str, str]:
    _same_origin(call)
    async with call.form(_FORM) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


# --- launches


@signed_in
async def home(call: Call) -> Response:
    """The launches of the first product."""
    call.act_on(call.store.value("SELECT id FROM products ORDER BY created_at, rowid"))
    return _launches(call)


@signed_in
async def launches(call: Call) -> Response:
    """A product's launches, newest first."""
    return _launches(call)


def _launches(call: Call) -> Response:
    rows = call.store.rows(
        f"{_LAUNCH} AND launches.id < ? ORDER BY launches.id DESC LIMIT ?",
        call.product,
        call.query_row_id("before", _LAST),
        LAUNCHES_SHOWN + 1,
    )
    shown = [_with_counts(call, row) for row in rows[:LAUNCHES_SHOWN]]
    return _page(
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
    """A launch: status, counts, where it belongs, and its items as a tree."""
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
    return _page(
        call,
        "launch.html",
        launch=found,
        nodes=branches(call.store, rows[:ITEMS_SHOWN]),
        only=status,
        after=rows[ITEMS_SHOWN - 1]["id"] if len(rows) > ITEMS_SHOWN else None,
        logs=_logs(call, "item_id IS NULL AND logs.launch_id = ?", found["id"]),
        start=found["start_time"],
    )


@shared
async def item(call: Call) -> Response:
    """An item: where it stands, what failed, its logs and files."""
    found = _of_path(call)
    row = call.store.row(
        "SELECT * FROM items WHERE launch_id = ? AND id = ?", found["id"], call.row_id("item")
    )
    if row is None:
        raise not_found("Item")
    (path,) = branches(call.store, [row])
    above: list[Node] = []
    while path.children:
        above.append(path)
        path = path.children[0]
    children = call.store.rows(
        "SELECT * FROM items WHERE parent_id = ? ORDER BY id LIMIT ?", row["id"], ITEMS_SHOWN
    )
    return _page(
        call,
        "item.html",
        launch=found,
        item=dict(row) | {name: unpack(row[name]) for name in ("attributes", "parameters")},
        above=above,
        children=[Node(child) for child in children],
        logs=_logs(call, "item_id = ?", row["id"]),
        start=row["start_time"],
    )


def _of_path(call: Call) -> sqlite3.Row:
    row = call.store.row(f"{_LAUNCH} AND uuid = ?", call.product, call.param("launch"))
    if row is None:
        raise not_found("Launch")
    return row


def _with_counts(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    attributes = [entry for entry in unpack(row["attributes"]) if not entry.get("system")]
    branch = next((entry["value"] for entry in attributes if entry["key"] == "branch"), None)
    return dict(row) | {"counts": counts(call.store, row), "attributes": attributes, "branch": branch}


def _logs(call: Call, condition: str, owner: int) -> list[dict[str, Any]]:
    rows = call.store.rows(
        "SELECT logs.*, objects.content_type, objects.size FROM logs LEFT JOIN objects"  # noqa: S608 - all ours
        f" ON objects.id = object_id WHERE {condition} ORDER BY logs.id LIMIT ?",
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
    """The person's keys and the product's own."""
    return _keys(call)


@signed_in
async def add_key(call: Call) -> Response:
    """Make a key; the answer is the only page that shows it."""
    form = await _form(call)
    name = form.get("name", "").strip()
    if not 0 < len(name) <= _KEY_NAME:
        return _keys(call, problem=f"A key needs a name of at most {_KEY_NAME} characters.")
    prefix = "octo_" if form.get("kind") == "product" else "ak_"
    _, key = call.services.credentials.create(NewKey(name, call.product, prefix))
    return _keys(call, new_key=key)


@signed_in
async def revoke_key(call: Call) -> Response:
    """End a key."""
    _same_origin(call)
    call.services.credentials.revoke(call.row_id("key_id"))
    return RedirectResponse(f"/products/{call.product}/keys", HTTPStatus.SEE_OTHER, rendering.HEADERS)


def _keys(call: Call, **shown: Any) -> Response:
    return _page(
        call,
        "keys.html",
        personal=api_keys.listed(call.services),
        of_product=api_keys.listed(call.services, call.product),
        cache_seconds=call.services.credentials.cache_seconds,
        **shown,
    )


@signed_in
async def usage(call: Call) -> Response:
    """Coins of this week and before, and what was called."""
    before = call.query_row_id("before", _LAST)
    calls = activity_rows(call.services, call.product, before, _CALLS_SHOWN + 1)
    older = calls[_CALLS_SHOWN - 1]["id"] if len(calls) > _CALLS_SHOWN else None
    used = call.services.meter.usage(call.product)
    return _page(call, "usage.html", usage=used, calls=calls[:_CALLS_SHOWN], older=older)


async def style(_call: Call) -> Response:
    """How the pages look."""
    return FileResponse(rendering.STYLE, media_type="text/css", headers={"cache-control": "max-age=3600"})


def error_page(error: ApiError) -> Response:
    """A refusal, for a person."""
    text = str(error.body.get("detail", ""))
    response = page("problem.html", error.status, text=text, phrase=HTTPStatus(error.status).phrase)
    response.headers.update(error.headers or {})
    return response


def _page(call: Call, template: str, **shown: Any) -> Response:
    share = call.query("share")
    return page(
        template,
        product=call.store.row("SELECT id, name FROM products WHERE id = ?", call.product),
        now=call.services.clock(),
        signed_in=_is_signed_in(call),
        path=call.request.url.path,
        # Kept in links, so that who came by a shared address can walk about in its launch.
        query=lambda **more: (
            "?" + urlencode({"share": share, **more} if share else more) if share or more else ""
        ),
        **shown,
    )


_P = "/products/{product_id}"
_L = "/launches/{product_id}/{launch}"

ENDPOINTS = (
    Endpoint("GET", "/", home, Access.OPEN),
    Endpoint("GET", "/style.css", style, Access.OPEN),
    Endpoint("GET", "/sign-in", sign_in, Access.OPEN),
    Endpoint("POST", "/sign-in", sign_in, Access.OPEN),
    Endpoint("POST", "/sign-out", sign_out, Access.OPEN),
    Endpoint("GET", _P, launches, Access.OPEN),
    Endpoint("GET", f"{_P}/keys", keys, Access.OPEN),
    Endpoint("POST", f"{_P}/keys", add_key, Access.OPEN),
    Endpoint("POST", f"{_P}/keys/{{key_id}}/revoke", revoke_key, Access.OPEN),
    Endpoint("GET", f"{_P}/usage", usage, Access.OPEN),
    Endpoint("GET", _L, launch, Access.OPEN),
    Endpoint("GET", f"{_L}/items/{{item}}", item, Access.OPEN),
)
