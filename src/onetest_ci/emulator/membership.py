"""Membership: products, environments, releases, sprints, builds, deployments.

The entities, limits and enums are documented, the paths are assumed (docs/onetest-api.md#entities,
#paths-of-membership).
"""

import sqlite3
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import membership_store, times
from onetest_ci.emulator.call import Call
from onetest_ci.emulator.endpoint import Access, Endpoint, Handler
from onetest_ci.emulator.errors import detail, invalid, not_found
from onetest_ci.emulator.json_schema import TEXT, Schema, list_schema
from onetest_ci.emulator.membership_schema import (
    BUILD,
    CHANGED_DEPLOYMENT,
    DEPLOYMENT,
    ENVIRONMENT,
    FIND_BUILD,
    NEW_BUILD,
    NEW_DEPLOYMENT,
    NEW_ENVIRONMENT,
    NEW_PRODUCT,
    NEW_RELEASE,
    NEW_SPRINT,
    PRODUCT,
    RELEASE,
    SPRINT,
)
from onetest_ci.emulator.membership_store import TABLES, BuildParent, create_product, find
from onetest_ci.emulator.request_body import JsonBody
from onetest_ci.emulator.store import Store, unpack

BASE = "/api/membership/api/v1"
PRODUCTS = f"{BASE}/products"
PREFIX = f"{PRODUCTS}/{{product_id}}"

# --- products


async def list_products(call: Call) -> Response:
    """List all products that the caller can access. A session can access all."""
    only = call.caller.bound_product if call.caller else ""
    return _list_response(
        call.store.rows("SELECT * FROM products WHERE ?1 IN ('', id) ORDER BY created_at, rowid", only)
    )


async def add_product(call: Call) -> Response:
    """Create a product."""
    with call.store.transaction():
        product_id = create_product(call.services, call.values)
    return _entity_response(call.store, "products", product_id, 201)


async def read_product(call: Call) -> Response:
    """Return one product."""
    return _entity_response(call.store, "products", call.product)


# --- environments


async def list_environments(call: Call) -> Response:
    """List all environments, oldest first. Names are not unique."""
    return _list(call, "environments", "product_id", call.product)


async def add_environment(call: Call) -> Response:
    """Create an environment. A second default environment is a conflict."""
    return _insert(call, "environments", product_id=call.product)


# --- releases and sprints


async def list_releases(call: Call) -> Response:
    """List releases, oldest first, all or those with one status."""
    return _list(call, "releases", "product_id", call.product, filter_by="status")


async def add_release(call: Call) -> Response:
    """Create a release."""
    return _insert(call, "releases", product_id=call.product)


async def list_sprints(call: Call) -> Response:
    """List the sprints of a release, oldest first, all or those with one status."""
    return _list(call, "sprints", "release_id", _owned(call, "Release"), filter_by="status")


async def add_sprint(call: Call) -> Response:
    """Create a sprint in a release."""
    return _insert(call, "sprints", release_id=_owned(call, "Release"))


# --- builds


async def list_builds(call: Call) -> Response:
    """List the builds of a sprint or a release, oldest first, all or those with one version."""
    return _list(call, "builds", *_build_parent(call), filter_by="version")


async def add_build(call: Call) -> Response:
    """Create a build. Versions are not unique: it may have the version of another build."""
    parent = _build_parent(call)
    return _insert(call, "builds", **{parent.column: parent.id})


async def find_or_create_build(call: Call) -> Response:
    """Return the oldest build with this version: 200 if it existed, 201 if it was created."""
    values = dict(call.values)
    sprint_id, release_id = values.pop("sprint_id"), values.pop("release_id")
    if sprint_id:
        parent = BuildParent("sprint_id", _owned(call, "Sprint", sprint_id))
    elif release_id:
        parent = BuildParent("release_id", _owned(call, "Release", release_id))
    else:
        raise invalid("body.sprint_id", "a build needs a sprint_id or a release_id")
    with call.store.transaction():
        build_id, is_new = membership_store.find_or_create_build(call.services, parent, values)
    return _entity_response(call.store, "builds", build_id, 201 if is_new else 200)


# --- deployments


async def list_deployments(call: Call) -> Response:
    """List the deployments to an environment, oldest first."""
    environment_id = _owned(call, "Environment")
    return _list(call, "deployments", "environment_id", environment_id, order_by="deployed_at")


async def add_deployment(call: Call) -> Response:
    """Record that a build was deployed to an environment."""
    environment_id = _owned(call, "Environment")
    _owned(call, "Build", call.values["build_id"])
    return _insert(call, "deployments", time="deployed_at", environment_id=environment_id)


# --- one entity of any kind


async def read_entity(call: Call) -> Response:
    """Return one entity."""
    kind = _kind_of_path(call)
    return _entity_response(call.store, TABLES[kind], _owned(call, kind))


async def change_entity(call: Call) -> Response:
    """Change the fields that the body contains."""
    kind = _kind_of_path(call)
    entity_id = _owned(call, kind)
    try:
        call.store.update(TABLES[kind], entity_id, call.values)
    except sqlite3.IntegrityError as error:
        raise detail(409, _SECOND_DEFAULT) from error
    return _entity_response(call.store, TABLES[kind], entity_id)


# --- entities named in a path or a body

_SECOND_DEFAULT = "The product already has a default environment"


def _kind_of_path(call: Call) -> str:
    (kind,) = (kind for kind in TABLES if f"{kind.lower()}_id" in call.request.path_params)
    return kind


def _build_parent(call: Call) -> BuildParent:
    if "sprint_id" in call.request.path_params:
        return BuildParent("sprint_id", _owned(call, "Sprint"))
    return BuildParent("release_id", _owned(call, "Release"))


def _owned(call: Call, kind: str, entity_id: str = "") -> str:
    """Return an entity's id, by default that of the path.

    If the path contains no product, the call acts on the entity's product from then on.

    Raises:
        ApiError: 404, the entity does not exist or is another product's; 403, the key is another product's.
    """
    found = find(call.store, kind, entity_id or call.param(f"{kind.lower()}_id"))
    if found is None or call.product not in {"", found[1]}:
        raise not_found(kind)
    call.act_on(found[1])
    return found[0]


# --- responses


def _insert(call: Call, table: str, time: str = "created_at", **parents: str) -> Response:
    values = {"id": str(uuid4())} | call.values | parents | {time: call.services.clock()}
    try:
        call.store.insert(table, values)
    except sqlite3.IntegrityError as error:
        raise detail(409, _SECOND_DEFAULT) from error
    return _entity_response(call.store, table, values["id"], 201)


def _public(row: sqlite3.Row) -> dict[str, Any]:
    entity = dict(row)
    for name in ("metadata", "integrations"):
        if name in entity:
            entity[name] = unpack(entity[name])
    for name in ("created_at", "deployed_at"):
        if name in entity:
            entity[name] = times.iso(entity[name])
    if "is_default" in entity:
        entity["is_default"] = bool(entity["is_default"])
    return entity


def _entity_response(store: Store, table: str, entity_id: str, status: int = 200) -> Response:
    row = store.row(f"SELECT * FROM {table} WHERE id = ?", entity_id)  # noqa: S608 - the code's own names
    return JSONResponse(row and _public(row), status)


def _list(
    call: Call, table: str, column: str, parent_id: str, *, filter_by: str = "", order_by: str = "created_at"
) -> Response:
    """Return the rows of a parent, oldest first; with ``filter_by``, only those with that query parameter."""
    value = call.query(filter_by) if filter_by else None
    sql = (
        f"SELECT * FROM {table} WHERE {column} = ?1 AND (?2 IS NULL OR {filter_by or 'NULL'} = ?2)"  # noqa: S608
        f" ORDER BY {order_by}, rowid"
    )
    return _list_response(call.store.rows(sql, parent_id, value))


def _list_response(rows: list[sqlite3.Row]) -> Response:
    return JSONResponse({"items": [_public(row) for row in rows]})


_STATUS = {"status": TEXT}
_VERSION = {"version": TEXT}


def _collection(
    path: str,
    handlers: tuple[Handler, Handler],
    body: JsonBody,
    schema: Schema,
    *,
    query: Schema | None = None,
    errors: tuple[int, ...] = (),
) -> tuple[Endpoint, Endpoint]:
    list_all, add = handlers
    return (
        Endpoint("GET", path, list_all, query=query or {}, responses={200: list_schema(schema)}),
        Endpoint("POST", path, add, body=body, responses={201: schema}, errors=errors),
    )


def _one(
    path: str, body: JsonBody, schema: Schema, errors: tuple[int, ...] = ()
) -> tuple[Endpoint, Endpoint]:
    return (
        Endpoint("GET", path, read_entity, responses={200: schema}),
        Endpoint("PATCH", path, change_entity, body=body.partial(), responses={200: schema}, errors=errors),
    )


def _entity_endpoints(base: str) -> tuple[Endpoint, ...]:
    builds = (list_builds, add_build)
    found = {200: BUILD, 201: BUILD}
    return (
        *_collection(
            f"{base}/environments/{{environment_id}}/deployments",
            (list_deployments, add_deployment),
            NEW_DEPLOYMENT,
            DEPLOYMENT,
        ),
        *_collection(
            f"{base}/releases/{{release_id}}/sprints",
            (list_sprints, add_sprint),
            NEW_SPRINT,
            SPRINT,
            query=_STATUS,
        ),
        *_collection(f"{base}/releases/{{release_id}}/builds", builds, NEW_BUILD, BUILD, query=_VERSION),
        *_collection(f"{base}/sprints/{{sprint_id}}/builds", builds, NEW_BUILD, BUILD, query=_VERSION),
        Endpoint(
            "POST",
            f"{base}/builds/find-or-create",
            find_or_create_build,
            body=FIND_BUILD,
            responses=found,
            errors=(404,),
        ),
        *_one(f"{base}/environments/{{environment_id}}", NEW_ENVIRONMENT, ENVIRONMENT, (409,)),
        *_one(f"{base}/releases/{{release_id}}", NEW_RELEASE, RELEASE),
        *_one(f"{base}/sprints/{{sprint_id}}", NEW_SPRINT, SPRINT),
        *_one(f"{base}/builds/{{build_id}}", NEW_BUILD, BUILD),
        *_one(f"{base}/deployments/{{deployment_id}}", CHANGED_DEPLOYMENT, DEPLOYMENT),
    )


ENDPOINTS = (
    Endpoint("GET", PRODUCTS, list_products, responses={200: list_schema(PRODUCT)}),
    Endpoint("POST", PRODUCTS, add_product, Access.SESSION, body=NEW_PRODUCT, responses={201: PRODUCT}),
    Endpoint("GET", PREFIX, read_product, responses={200: PRODUCT}),
    *_collection(
        f"{PREFIX}/environments",
        (list_environments, add_environment),
        NEW_ENVIRONMENT,
        ENVIRONMENT,
        errors=(409,),
    ),
    *_collection(f"{PREFIX}/releases", (list_releases, add_release), NEW_RELEASE, RELEASE, query=_STATUS),
    # No source states whether the paths of entities contain the product, so both kinds exist
    # (docs/onetest-api.md#paths-of-membership).
    *_entity_endpoints(BASE),
    *_entity_endpoints(PREFIX),
)
