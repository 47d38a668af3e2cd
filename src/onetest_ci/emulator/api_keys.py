"""Endpoints of API keys: a session creates, lists and revokes them (docs/onetest-api.md#api-keys).

A personal key (``ak_``) works at all services; it may be bound to one product. A product's own key
(``octo_``, ``rp_``) works at the Receiver only. These rules are documented, the paths are not.
"""

import sqlite3
from typing import Any

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import times
from onetest_ci.emulator.call import Call, Services
from onetest_ci.emulator.credentials import DEFAULT_SCOPES, PRODUCT_PREFIXES, SCOPES, NewKey
from onetest_ci.emulator.endpoint import Access, Endpoint, Handler
from onetest_ci.emulator.errors import detail, not_found
from onetest_ci.emulator.json_schema import (
    BOOLEAN,
    INTEGER,
    TEXT,
    TIME,
    UUID,
    Schema,
    array,
    enum,
    json_object,
    list_schema,
    nullable,
)
from onetest_ci.emulator.membership_store import first_product
from onetest_ci.emulator.receiver.request_body import Time
from onetest_ci.emulator.request_body import Choice, Choices, JsonBody, PositiveInteger, Text, Uuid
from onetest_ci.emulator.store import unpack

PERSONAL = "/api/membership/api/v1/api-keys"
OF_PRODUCT = "/api/receiver/api/v1/products/{product_id}/api-keys"

MAX_NAME = 100
_RETENTION_DAYS = 90

NEW_PERSONAL = JsonBody(name=Text(limit=MAX_NAME, required=True), product_id=Uuid())
NEW_OF_PRODUCT = JsonBody(
    name=Text(limit=MAX_NAME, required=True),
    prefix=Choice(allowed=PRODUCT_PREFIXES, default="octo_"),
    allowed_scopes=Choices(allowed=SCOPES, default=DEFAULT_SCOPES),
    retention_days=PositiveInteger(default=_RETENTION_DAYS),
    expires_at=Time(),
)

_KEY = {
    "id": INTEGER,
    "name": TEXT,
    "prefix": TEXT,
    "product_id": nullable(UUID),
    "is_active": BOOLEAN,
    "created_at": TIME,
    "last_used_at": nullable(TIME),
    "revoked_at": nullable(TIME),
}
_PRODUCT_KEY = _KEY | {
    "allowed_scopes": array(enum(*SCOPES)),
    "retention_days": nullable(INTEGER),
    "expires_at": nullable(TIME),
}


def list_keys(services: Services, product_id: str = "") -> list[dict[str, Any]]:
    """Return all personal keys, or those of a product, newest first, without the secret part."""
    rows = services.store.rows(
        "SELECT * FROM api_keys WHERE CASE WHEN ?1 = '' THEN scopes IS NULL"
        " ELSE scopes IS NOT NULL AND product_id = ?1 END ORDER BY id DESC",
        product_id,
    )
    return [_public(row, services.clock()) for row in rows]


async def list_personal(call: Call) -> Response:
    """List all personal keys, newest first: prefix, name, last use."""
    return JSONResponse({"items": list_keys(call.services)})


async def add_personal(call: Call) -> Response:
    """Create a key for all services. Only this response contains the key.

    With a ``product_id`` the key can access that product only, otherwise all products.
    """
    bound_product = call.values["product_id"]
    product = bound_product or first_product(call.store)
    if not call.store.value("SELECT 1 FROM products WHERE id = ?", product):
        raise not_found("Product")
    return _create(call, NewKey(call.values["name"], product, bound=bound_product is not None))


async def revoke_personal(call: Call) -> Response:
    """Revoke a key. Requests with it are refused after at most 5 minutes, when the cache has expired."""
    query = "SELECT id, revoked_at FROM api_keys WHERE id = ? AND scopes IS NULL"
    return _revoke(call, call.store.row(query, call.row_id("key_id")))


async def list_of_product(call: Call) -> Response:
    """List the product's own keys, newest first."""
    return JSONResponse({"items": list_keys(call.services, call.product)})


async def add_of_product(call: Call) -> Response:
    """Create a key for the Receiver and this product only. Only this response contains the key.

    ``retention_days`` is stored but has no effect: the emulator deletes nothing by itself.
    """
    values = call.values
    return _create(
        call,
        NewKey(
            values["name"],
            call.product,
            values["prefix"],
            scopes=values["allowed_scopes"],
            retention_days=values["retention_days"],
            expires_at=values["expires_at"],
        ),
    )


async def revoke_of_product(call: Call) -> Response:
    """Revoke a key. It is refused at once."""
    query = "SELECT id, revoked_at FROM api_keys WHERE id = ? AND scopes IS NOT NULL AND product_id = ?"
    return _revoke(call, call.store.row(query, call.row_id("key_id"), call.product))


def _create(call: Call, new: NewKey) -> Response:
    key_id, key = call.services.credentials.create(new)
    row = call.store.row("SELECT * FROM api_keys WHERE id = ?", key_id)
    assert row is not None  # noqa: S101 - it was just created, and nothing was awaited
    return JSONResponse(_public(row, call.services.clock()) | {"key": key}, 201)


def _revoke(call: Call, row: sqlite3.Row | None) -> Response:
    if row is None:
        raise not_found("API key")
    if row["revoked_at"] is not None:
        raise detail(409, "The API key is revoked already")
    until = call.services.credentials.revoke(row["id"])
    return JSONResponse({"id": row["id"], "refused_from": times.iso(until)})


def _public(row: sqlite3.Row, now: int) -> dict[str, Any]:
    expired = row["expires_at"] is not None and row["expires_at"] <= now
    shown = {name: row[name] for name in ("id", "name", "prefix")} | {
        "product_id": row["product_id"] if row["bound"] else None,
        "is_active": row["revoked_at"] is None and not expired,
        "created_at": times.iso(row["created_at"]),
        "last_used_at": times.iso(row["last_used_at"]),
        "revoked_at": times.iso(row["revoked_at"]),
    }
    if row["scopes"] is not None:
        shown |= {
            "allowed_scopes": unpack(row["scopes"]),
            "retention_days": row["retention_days"],
            "expires_at": times.iso(row["expires_at"]),
        }
    return shown


_REVOKED = json_object(id=INTEGER, refused_from=TIME)


def _endpoints(
    base: str, body: JsonBody, key: Schema, handlers: tuple[Handler, Handler, Handler]
) -> tuple[Endpoint, ...]:
    list_all, add, revoke = handlers
    return (
        Endpoint("GET", base, list_all, Access.SESSION, responses={200: list_schema(json_object(**key))}),
        Endpoint(
            "POST",
            base,
            add,
            Access.SESSION,
            body=body,
            responses={201: json_object(**key, key=TEXT)},
            errors=(404,),
        ),
        Endpoint(
            "DELETE", f"{base}/{{key_id}}", revoke, Access.SESSION, responses={200: _REVOKED}, errors=(409,)
        ),
    )


ENDPOINTS = (
    *_endpoints(PERSONAL, NEW_PERSONAL, _KEY, (list_personal, add_personal, revoke_personal)),
    *_endpoints(
        OF_PRODUCT, NEW_OF_PRODUCT, _PRODUCT_KEY, (list_of_product, add_of_product, revoke_of_product)
    ),
)
