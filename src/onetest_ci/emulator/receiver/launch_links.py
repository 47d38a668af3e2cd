"""Links of a launch to its release, sprint, build and environment.

See docs/onetest-api.md#how-a-launch-finds-its-build.
"""

from collections.abc import Mapping
from typing import NamedTuple

from onetest_ci.emulator.call import Services
from onetest_ci.emulator.membership_store import BuildParent, find_in_product, find_or_create_build

_ACTIVE_RELEASE = (
    "SELECT id FROM releases WHERE product_id = ? AND status = 'active' ORDER BY created_at DESC, rowid DESC"
)
_ACTIVE_SPRINT = (
    "SELECT id FROM sprints WHERE release_id = ? AND status = 'active' ORDER BY created_at DESC, rowid DESC"
)
_DEFAULT_ENVIRONMENT = "SELECT id FROM environments WHERE product_id = ? AND is_default"


class Links(NamedTuple):
    """The entities that a launch is linked to; ``None`` where there is none."""

    release_id: str | None
    sprint_id: str | None
    build_id: str | None
    environment_id: str | None


def auto_link(
    services: Services, product_id: str, requested: Mapping[str, object], build_version: str | None
) -> Links:
    """Return the links of a new launch. A link that cannot be made stays empty: no launch fails for it.

    An id in the request counts if the product has that entity. The rest is found: the active release, its
    active sprint, the build of ``build_version`` there (created if it does not exist) and the default
    environment.
    """
    store = services.store
    build_id = find_in_product(store, product_id, "Build", requested.get("build_id"))
    sprint_id = find_in_product(store, product_id, "Sprint", requested.get("sprint_id"))
    release_id = find_in_product(store, product_id, "Release", requested.get("release_id"))
    environment_id = find_in_product(store, product_id, "Environment", requested.get("environment_id"))
    if build_id and not sprint_id and not release_id:
        sprint_id = store.value("SELECT sprint_id FROM builds WHERE id = ?", build_id)
        release_id = store.value("SELECT release_id FROM builds WHERE id = ?", build_id)
    if sprint_id and not release_id:
        release_id = store.value("SELECT release_id FROM sprints WHERE id = ?", sprint_id)
    release_id = release_id or store.value(_ACTIVE_RELEASE, product_id)
    if release_id and not sprint_id and not build_id:
        sprint_id = store.value(_ACTIVE_SPRINT, release_id)
    if build_version and not build_id:
        build_id = _build_of_version(services, sprint_id, release_id, build_version)
    return Links(
        release_id, sprint_id, build_id, environment_id or store.value(_DEFAULT_ENVIRONMENT, product_id)
    )


def _build_of_version(
    services: Services, sprint_id: str | None, release_id: str | None, version: str
) -> str | None:
    if sprint_id:
        parent = BuildParent("sprint_id", sprint_id)
    elif release_id:
        parent = BuildParent("release_id", release_id)
    else:
        return None
    values = {"version": version, "status": "pending", "metadata": "{}"}
    return find_or_create_build(services, parent, values)[0]
