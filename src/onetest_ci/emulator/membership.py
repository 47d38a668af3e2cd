"""Membership: products, environments, releases, sprints, builds, deployments.

The entities, limits and enums are documented, the paths are proposals (contract §4.1, §4.3).
"""

import sqlite3
from typing import Any
from uuid import uuid4

from starlette.responses import JSONResponse, Response

from onetest_ci.emulator import lineage, times
from onetest_ci.emulator.calls import Access, Call, Endpoint, Parts
from onetest_ci.emulator.errors import detail, invalid, not_found
from onetest_ci.emulator.fields import Fields
from onetest_ci.emulator.lineage import Place
from onetest_ci.emulator.store import Store, unpack

BASE = "/api/membership/api/v1"
PRODUCTS = f"{BASE}/products"
P = f"{PRODUCTS}/{{product_id}}"

PRODUCT_TYPES = ("webapp", "api", "mobile")
RELEASE_STATUSES = ("planned", "active", "released")
SPRINT_STATUSES = ("planned", "active", "completed")
BUILD_STATUSES = ("pending", "active", "archived")

_NAME = 255
_URL = 2048
_GIT_SHA = 40


# --- products


def create_product(parts: Parts, name: str, description: str | None = None, kind: str = "webapp") -> str:
    """A product with the bucket that every product has; gives its id."""
    product_id = str(uuid4())
    created: dict[str, object] = {"created_at": parts.clock()}
    parts.store.insert(
        "products",
        {"id": product_id, "name": name, "description": description, "product_type": kind} | created,
    )
    parts.store.insert("buckets", {"product_id": product_id, "name": "attachments"} | created)
    return product_id


def seed(parts: Parts) -> str:
    """What a new database holds; gives the product's id."""
    product_id = create_product(parts, "Demo product")
    created: dict[str, object] = {"metadata": "{}", "created_at": parts.clock()}
    release_id = str(uuid4())
    parts.store.insert(
        "releases",
        {"id": release_id, "product_id": product_id, "name": "Demo release", "status": "active"} | created,
    )
    parts.store.insert(
        "sprints",
        {"id": str(uuid4()), "release_id": release_id, "number": 1, "name": "Demo sprint", "status": "active"}
        | created,
    )
    parts.store.insert(
        "environments",
        {
            "id": str(uuid4()),
            "product_id": product_id,
            "name": "Default",
            "endpoint_url": "https://demo.example.com",
            "is_default": 1,
        }
        | created,
    )
    return product_id


async def list_products(call: Call) -> Response:
    """All products; a local OneTest has one user, who is a member of each."""
    return _listing(call.store.rows("SELECT * FROM products ORDER BY created_at, id"))


async def add_product(call: Call) -> Response:
    """A further product."""
    fields = Fields(await call.json())
    name = fields.text("name", _NAME, required=True)
    description = fields.text("description")
    kind = fields.one_of("product_type", PRODUCT_TYPES, "webapp")
    fields.done()
    with call.store.transaction():
        product_id = create_product(call.parts, str(name), description, kind)
    return _created(call.store, "products", product_id)


async def read_product(call: Call) -> Response:
    """One product."""
    return _answer(call.store, "products", call.product)


# --- environments


async def list_environments(call: Call) -> Response:
    """All environments, oldest first. Names are not unique."""
    return _listing(
        call.store.rows(
            "SELECT * FROM environments WHERE product_id = ? ORDER BY created_at, rowid", call.product
        )
    )


async def add_environment(call: Call) -> Response:
    """An environment; a second default is a conflict."""
    fields = Fields(await call.json())
    values: dict[str, object] = {
        "id": str(uuid4()),
        "product_id": call.product,
        "name": fields.text("name", _NAME, required=True),
        "description": fields.text("description"),
        "endpoint_url": fields.text("endpoint_url", _URL, required=True),
        "is_default": fields.flag("is_default"),
        "metadata": fields.mapping("metadata"),
        "created_at": call.parts.clock(),
    }
    fields.done()
    try:
        call.store.insert("environments", values)
    except sqlite3.IntegrityError as error:
        raise detail(409, "The product already has a default environment") from error
    return _created(call.store, "environments", str(values["id"]))


# --- releases and sprints


async def list_releases(call: Call) -> Response:
    """Releases, oldest first, all or of one status."""
    return _listing(
        call.store.rows(
            "SELECT * FROM releases WHERE product_id = ?1 AND (?2 IS NULL OR status = ?2)"
            " ORDER BY created_at, rowid",
            call.product,
            call.query("status"),
        )
    )


async def add_release(call: Call) -> Response:
    """A release."""
    fields = Fields(await call.json())
    values: dict[str, object] = {
        "id": str(uuid4()),
        "product_id": call.product,
        "name": fields.text("name", _NAME, required=True),
        "description": fields.text("description"),
    }
    values |= _plan(call, fields, RELEASE_STATUSES)
    call.store.insert("releases", values)
    return _created(call.store, "releases", str(values["id"]))


async def list_sprints(call: Call) -> Response:
    """Sprints of a release, oldest first, all or of one status."""
    return _listing(
        call.store.rows(
            "SELECT * FROM sprints WHERE release_id = ?1 AND (?2 IS NULL OR status = ?2)"
            " ORDER BY created_at, rowid",
            _release(call, call.param("release_id")),
            call.query("status"),
        )
    )


async def add_sprint(call: Call) -> Response:
    """A sprint in a release."""
    release_id = _release(call, call.param("release_id"))
    fields = Fields(await call.json())
    values: dict[str, object] = {
        "id": str(uuid4()),
        "release_id": release_id,
        "number": fields.number("number", required=True),
        "name": fields.text("name", _NAME),
    }
    values |= _plan(call, fields, SPRINT_STATUSES)
    call.store.insert("sprints", values)
    return _created(call.store, "sprints", str(values["id"]))


def _plan(call: Call, fields: Fields, statuses: tuple[str, ...]) -> dict[str, object]:
    values: dict[str, object] = {
        "scope": fields.text("scope"),
        "start_date": fields.text("start_date", 40),
        "end_date": fields.text("end_date", 40),
        "status": fields.one_of("status", statuses, "planned"),
        "metadata": fields.mapping("metadata"),
        "created_at": call.parts.clock(),
    }
    fields.done()
    return values


# --- builds


async def list_builds(call: Call) -> Response:
    """Builds of a sprint or a release, oldest first, all or of one version."""
    place = _place_of_path(call)
    return _listing(
        call.store.rows(
            f"SELECT * FROM builds WHERE {place.column} = ?1 AND (?2 IS NULL OR version = ?2)"  # noqa: S608
            " ORDER BY created_at, rowid",
            place.id,
            call.query("version"),
        )
    )


async def add_build(call: Call) -> Response:
    """A build, also when there is one of that version already: versions are not unique."""
    place = _place_of_path(call)
    values = _build_values(call, Fields(await call.json()))
    build_id = lineage.insert_build(call.store, place, values)
    return _created(call.store, "builds", build_id)


async def find_or_create_build(call: Call) -> Response:
    """The build of that version there: 200 when it was found, 201 when it was made."""
    fields = Fields(await call.json())
    sprint_id, release_id = fields.uuid("sprint_id"), fields.uuid("release_id")
    values = _build_values(call, fields)
    if sprint_id:
        place = Place("sprint_id", _sprint(call, sprint_id))
    elif release_id:
        place = Place("release_id", _release(call, release_id))
    else:
        raise invalid("body.sprint_id", "a build needs a sprint_id or a release_id")
    with call.store.transaction():
        found = lineage.find_build(call.store, place, str(values["version"]))
        build_id = found or lineage.insert_build(call.store, place, values)
    return _answer(call.store, "builds", build_id) if found else _created(call.store, "builds", build_id)


async def read_build(call: Call) -> Response:
    """One build."""
    return _answer(call.store, "builds", _build(call, call.param("build_id")))


def _build_values(call: Call, fields: Fields) -> dict[str, object]:
    values: dict[str, object] = {
        "version": fields.text("version", _NAME, required=True),
        "git_sha": fields.text("git_sha", _GIT_SHA),
        "scope": fields.text("scope"),
        "status": fields.one_of("status", BUILD_STATUSES, "pending"),
        "metadata": fields.mapping("metadata"),
        "created_at": call.parts.clock(),
    }
    fields.done()
    return values


# --- deployments


async def list_deployments(call: Call) -> Response:
    """What was deployed to an environment, oldest first."""
    return _listing(
        call.store.rows(
            "SELECT * FROM deployments WHERE environment_id = ? ORDER BY deployed_at, rowid",
            _environment(call),
        )
    )


async def add_deployment(call: Call) -> Response:
    """Record that a build was deployed to an environment."""
    environment_id = _environment(call)
    fields = Fields(await call.json())
    build_id = fields.uuid("build_id", required=True)
    status = fields.one_of("status", ("active", "rolled_back"), "active")
    metadata = fields.mapping("metadata")
    fields.done()
    values: dict[str, object] = {
        "id": str(uuid4()),
        "environment_id": environment_id,
        "build_id": _build(call, str(build_id)),
        "status": status,
        "metadata": metadata,
        "deployed_at": call.parts.clock(),
    }
    call.store.insert("deployments", values)
    return _created(call.store, "deployments", str(values["id"]))


# --- things named in a path or a body, each held to the product


def _release(call: Call, release_id: str) -> str:
    return _owned(call, "Release", release_id)


def _sprint(call: Call, sprint_id: str) -> str:
    return _owned(call, "Sprint", sprint_id)


def _build(call: Call, build_id: str) -> str:
    return _owned(call, "Build", build_id)


def _environment(call: Call) -> str:
    return _owned(call, "Environment", call.param("environment_id"))


def _place_of_path(call: Call) -> Place:
    if "sprint_id" in call.request.path_params:
        return Place("sprint_id", _sprint(call, call.param("sprint_id")))
    return Place("release_id", _release(call, call.param("release_id")))


def _owned(call: Call, kind: str, thing_id: str) -> str:
    """The thing's id; a path that names no product takes that of the first thing it names."""
    found = lineage.owner(call.store, kind, thing_id)
    if found is None or call.product not in {"", found[1]}:
        raise not_found(kind)
    call.product = found[1]
    return found[0]


# --- answers


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


def _answer(store: Store, table: str, thing_id: str, status: int = 200) -> Response:
    row = store.row(f"SELECT * FROM {table} WHERE id = ?", thing_id)  # noqa: S608 - the code's own names
    return JSONResponse(row and _public(row), status)


def _created(store: Store, table: str, thing_id: str) -> Response:
    return _answer(store, table, thing_id, 201)


def _listing(rows: list[sqlite3.Row]) -> Response:
    return JSONResponse({"items": [_public(row) for row in rows]})


_OF_THINGS = (
    ("GET", "/environments/{environment_id}/deployments", list_deployments),
    ("POST", "/environments/{environment_id}/deployments", add_deployment),
    ("GET", "/releases/{release_id}/sprints", list_sprints),
    ("POST", "/releases/{release_id}/sprints", add_sprint),
    ("GET", "/releases/{release_id}/builds", list_builds),
    ("POST", "/releases/{release_id}/builds", add_build),
    ("GET", "/sprints/{sprint_id}/builds", list_builds),
    ("POST", "/sprints/{sprint_id}/builds", add_build),
    ("POST", "/builds/find-or-create", find_or_create_build),
    ("GET", "/builds/{build_id}", read_build),
)

ENDPOINTS = (
    Endpoint("GET", PRODUCTS, list_products, assumed=True),
    Endpoint("POST", PRODUCTS, add_product, Access.SESSION, assumed=True),
    Endpoint("GET", P, read_product, assumed=True),
    Endpoint("GET", f"{P}/environments", list_environments, assumed=True),
    Endpoint("POST", f"{P}/environments", add_environment, assumed=True),
    Endpoint("GET", f"{P}/releases", list_releases, assumed=True),
    Endpoint("POST", f"{P}/releases", add_release, assumed=True),
    # Things are addressed flat, or nested under their product: no source says which (contract §4.3).
    *(
        Endpoint(method, base + path, handler, assumed=True)
        for base in (BASE, P)
        for method, path, handler in _OF_THINGS
    ),
)
