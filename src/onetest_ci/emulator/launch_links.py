"""Releases, sprints, builds, environments: what belongs to what, and the link from a launch.

See docs/onetest-api.md#membership.
"""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import uuid4

from onetest_ci.emulator.call import Services
from onetest_ci.emulator.store import Store

_OWNER = {
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


class Place(NamedTuple):
    """Where a build belongs: ``column`` is ``sprint_id`` or ``release_id``."""

    column: str
    id: str


class Links(NamedTuple):
    """What a launch is linked to."""

    release_id: str | None
    sprint_id: str | None
    build_id: str | None
    environment_id: str | None


def owner(store: Store, kind: str, entity_id: str) -> tuple[str, str] | None:
    """The id of a release, sprint, build or environment, and the product that has it."""
    row = store.row(_OWNER[kind], entity_id.lower())
    return (row["id"], row["product_id"]) if row else None


def owned(store: Store, product_id: str, kind: str, entity_id: object) -> str | None:
    """The id of a release, sprint, build or environment when the product has it."""
    found = owner(store, kind, entity_id) if isinstance(entity_id, str) else None
    return found[0] if found and found[1] == product_id else None


def find_build(store: Store, place: Place, version: str) -> str | None:
    """The oldest build of that version there."""
    found: str | None = store.value(
        f"SELECT id FROM builds WHERE {place.column} = ? AND version = ?"  # noqa: S608 - the code's own name
        " ORDER BY created_at, rowid",
        place.id,
        version,
    )
    return found


def insert_build(store: Store, place: Place, values: Mapping[str, object]) -> str:
    """A new build there; gives its id."""
    build_id = str(uuid4())
    store.insert("builds", {"id": build_id, place.column: place.id, **values})
    return build_id


def auto_link(
    services: Services, product_id: str, asked: Mapping[str, object], build_version: str | None
) -> Links:
    """Link a launch: given ids as far as the product has them, the rest by itself.

    See docs/onetest-api.md#how-a-launch-finds-its-build.

    Active release, its active sprint, the build of ``build_version`` there (made when there is none), the
    default environment. What cannot be linked stays empty; a launch never fails for it.
    """
    store = services.store
    build_id = owned(store, product_id, "Build", asked.get("build_id"))
    sprint_id = owned(store, product_id, "Sprint", asked.get("sprint_id"))
    release_id = owned(store, product_id, "Release", asked.get("release_id"))
    if build_id and not sprint_id and not release_id:
        sprint_id = store.value("SELECT sprint_id FROM builds WHERE id = ?", build_id)
        release_id = store.value("SELECT release_id FROM builds WHERE id = ?", build_id)
    if sprint_id and not release_id:
        release_id = store.value("SELECT release_id FROM sprints WHERE id = ?", sprint_id)
    if not release_id:
        release_id = _active_release(store, product_id)
    if release_id and not sprint_id and not build_id:
        sprint_id = _active_sprint(store, release_id)
    if build_version and not build_id:
        build_id = _build_of_version(services, sprint_id, release_id, build_version)
    environment_id = owned(store, product_id, "Environment", asked.get("environment_id"))
    if not environment_id:
        environment_id = _default_environment(store, product_id)
    return Links(release_id, sprint_id, build_id, environment_id)


def _active_release(store: Store, product_id: str) -> str | None:
    found: str | None = store.value(
        "SELECT id FROM releases WHERE product_id = ? AND status = 'active'"
        " ORDER BY created_at DESC, rowid DESC",
        product_id,
    )
    return found


def _active_sprint(store: Store, release_id: str) -> str | None:
    found: str | None = store.value(
        "SELECT id FROM sprints WHERE release_id = ? AND status = 'active'"
        " ORDER BY created_at DESC, rowid DESC",
        release_id,
    )
    return found


def _default_environment(store: Store, product_id: str) -> str | None:
    found: str | None = store.value(
        "SELECT id FROM environments WHERE product_id = ? AND is_default", product_id
    )
    return found


def _build_of_version(
    services: Services, sprint_id: str | None, release_id: str | None, version: str
) -> str | None:
    if sprint_id:
        place = Place("sprint_id", sprint_id)
    elif release_id:
        place = Place("release_id", release_id)
    else:
        return None
    return find_build(services.store, place, version) or insert_build(
        services.store,
        place,
        {"version": version, "status": "pending", "metadata": "{}", "created_at": services.clock()},
    )
