"""Membership's entities in the database: creating products and builds, finding an entity's product.

See docs/onetest-api.md#membership.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import uuid4

from onetest_ci.emulator.call import Services
from onetest_ci.emulator.membership_schema import NEW_PRODUCT
from onetest_ci.emulator.store import Store

TABLES = {
    "Environment": "environments",
    "Release": "releases",
    "Sprint": "sprints",
    "Build": "builds",
    "Deployment": "deployments",
}
_WITH_PRODUCT = {
    "Release": "SELECT id, product_id FROM releases WHERE id = ?",
    "Sprint": "SELECT sprints.id, product_id FROM sprints JOIN releases ON releases.id = release_id"
    " WHERE sprints.id = ?",
    "Build": "SELECT builds.id, product_id FROM builds LEFT JOIN sprints ON sprints.id = sprint_id"
    " JOIN releases ON releases.id = coalesce(builds.release_id, sprints.release_id)"
    " WHERE builds.id = ?",
    "Environment": "SELECT id, product_id FROM environments WHERE id = ?",
    "Deployment": "SELECT deployments.id, product_id FROM deployments"
    " JOIN environments ON environments.id = environment_id WHERE deployments.id = ?",
}


class BuildParent(NamedTuple):
    """The sprint or release of a build; ``column`` is ``sprint_id`` or ``release_id``."""

    column: str
    id: str


def create_product(services: Services, values: Mapping[str, Any]) -> str:
    """Create a product with its bucket for attachments. Return the product's id."""
    product_id = str(uuid4())
    created: dict[str, object] = {"created_at": services.clock()}
    services.store.insert("products", {"id": product_id, **values} | created)
    services.store.insert("buckets", {"product_id": product_id, "name": "attachments"} | created)
    return product_id


def create_demo_product(services: Services) -> str:
    """Create the product of a new database. Return its id."""
    product_id = create_product(services, NEW_PRODUCT.read({"name": "Demo product"}))
    created: dict[str, object] = {"metadata": "{}", "created_at": services.clock()}
    release_id = str(uuid4())
    release = {"id": release_id, "product_id": product_id, "name": "Demo release", "status": "active"}
    sprint = {"id": str(uuid4()), "release_id": release_id, "number": 1, "name": "Demo sprint"}
    environment = {"id": str(uuid4()), "product_id": product_id, "name": "Default"}
    services.store.insert("releases", release | created)
    services.store.insert("sprints", sprint | {"status": "active"} | created)
    services.store.insert(
        "environments", environment | {"endpoint_url": "https://demo.example.com", "is_default": 1} | created
    )
    return product_id


def first_product(store: Store) -> str:
    """Return the id of the oldest product."""
    return str(store.value("SELECT id FROM products ORDER BY created_at, rowid"))


def find(store: Store, kind: str, entity_id: str) -> tuple[str, str] | None:
    """Return an entity's id in canonical form and its product's; ``None`` if it does not exist."""
    row = store.row(_WITH_PRODUCT[kind], entity_id.lower())
    return (row["id"], row["product_id"]) if row else None


def find_in_product(store: Store, product_id: str, kind: str, entity_id: object) -> str | None:
    """Return an entity's id in canonical form; ``None`` if the product does not have it."""
    found = find(store, kind, entity_id) if isinstance(entity_id, str) else None
    return found[0] if found and found[1] == product_id else None


def find_or_create_build(
    services: Services, parent: BuildParent, values: Mapping[str, object]
) -> tuple[str, bool]:
    """Return the oldest build of a version, and whether it had to be created.

    Args:
        services: the services that all handlers share.
        parent: the sprint or release of the build.
        values: the columns of the build, among them ``version``.
    """
    found = services.store.value(
        f"SELECT id FROM builds WHERE {parent.column} = ? AND version = ?"  # noqa: S608 - the code's own name
        " ORDER BY created_at, rowid",
        parent.id,
        values["version"],
    )
    if found:
        return found, False
    build_id = str(uuid4())
    services.store.insert(
        "builds", {"id": build_id, parent.column: parent.id, **values, "created_at": services.clock()}
    )
    return build_id, True
