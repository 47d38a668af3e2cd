"""Membership before the launch: the environment and the build that the results belong to.

Set-up never costs the results: where Membership refuses or is unknown, the launch carries the build's
version, which the Receiver resolves itself (contract §4.2).
"""

from dataclasses import dataclass

from onetest_ci.bundle import Manifest
from onetest_ci.errors import BudgetExhausted, ServiceError
from onetest_ci.onetest.membership import Membership
from onetest_ci.push.delivery import Delivery, Shipment

_STEP = "membership"


@dataclass(frozen=True, slots=True)
class LaunchLinks:
    """What a launch is linked to: ids where Membership told them, else the version for the Receiver."""

    environment_id: str = ""
    build_id: str = ""
    build_version: str = ""


def set_up(shipment: Shipment, membership: Membership, *, deployment: bool) -> LaunchLinks:
    """Find or create what the bundle names, and note the ids.

    Raises:
        ServiceError: the service is out of reach, refuses the key, or has no coins left; then the launch
            would fail as well.
    """
    bundle, log, delivery = shipment
    manifest = bundle.manifest
    done = log.get(_STEP)
    if done:
        links = LaunchLinks(done["environment_id"], done["build_id"], done["build_version"])
    else:
        links = _find_or_create(manifest, membership, delivery, deployment=deployment)
        if manifest.environment or manifest.build_version:
            log.record(
                _STEP,
                environment_id=links.environment_id,
                build_id=links.build_id,
                build_version=links.build_version,
            )
    delivery.environment_id = links.environment_id
    delivery.build_id = links.build_id
    return links


def _find_or_create(
    manifest: Manifest, membership: Membership, delivery: Delivery, *, deployment: bool
) -> LaunchLinks:
    environment_id = build_id = ""
    if manifest.environment:
        try:
            environment_id = membership.find_or_create_environment(
                manifest.environment, manifest.environment_url or None
            ).id
        except ServiceError as error:
            _tolerate(error)
            delivery.warnings.append(
                f"The launch is not linked to an environment: {error.message} {error.hint}"
            )
    if manifest.build_version:
        try:
            build_id = membership.find_or_create_build(
                manifest.build_version, manifest.commit, dict(manifest.attributes)
            ).id
        except ServiceError as error:
            _tolerate(error)
            delivery.warnings.append(
                f"Membership did not set up the build: {error.message} "
                f"The launch carries its version, {manifest.build_version}, for OneTest to resolve."
            )
    if deployment:
        _deploy(membership, delivery, environment_id, build_id)
    return LaunchLinks(environment_id, build_id, "" if build_id else manifest.build_version)


def _deploy(membership: Membership, delivery: Delivery, environment_id: str, build_id: str) -> None:
    if not (environment_id and build_id):
        delivery.warnings.append("No deployment was recorded: it needs both an environment and a build.")
        return
    try:
        membership.record_deployment(environment_id, build_id)
    except ServiceError as error:
        _tolerate(error)
        delivery.warnings.append(f"No deployment was recorded: {error.message}")


def _tolerate(error: ServiceError) -> None:
    """Go on after what concerns Membership alone; re-raise what would stop the launch as well."""
    if isinstance(error, BudgetExhausted) or error.status in {0, 401} or error.code == "unknown-product":
        raise error
