"""Membership before the launch: the environment and the build that the results belong to.

Set-up never costs the results: where Membership refuses or is unknown, the launch carries the build's
version, which the Receiver resolves itself (docs/onetest-api.md#how-a-launch-finds-its-build).
"""

from dataclasses import asdict, dataclass
from typing import Final

from onetest_ci.bundle.records import Manifest
from onetest_ci.errors import BudgetExhausted, ServiceError, Unreachable
from onetest_ci.onetest.membership import Membership
from onetest_ci.push.context import Delivery, PushContext

_STEP: Final = "membership"
_LAUNCH: Final = "launch"
_DEPLOYMENT: Final = "deployment"


@dataclass(frozen=True, slots=True)
class LaunchLinks:
    """What a launch is linked to: ids where Membership told them, else the version for the Receiver."""

    environment_id: str = ""
    build_id: str = ""
    build_version: str = ""


def set_up(context: PushContext, membership: Membership, *, deployment: bool) -> LaunchLinks:
    """Find or create what the bundle names, and note the ids.

    Raises:
        ServiceError: the service is out of reach, does not know the product, or has no coins left; then the
            launch would fail as well.
    """
    bundle, log, delivery = context
    known = log.get(_LAUNCH) or log.get(_STEP)
    if known:
        links = LaunchLinks(*(str(known.get(name, "")) for name in asdict(LaunchLinks())))
    else:
        before = len(delivery.notices)
        links = _find_or_create(bundle.manifest, membership, delivery)
        # What was refused is asked for again as long as the launch has not started without it.
        if links != LaunchLinks() and len(delivery.notices) == before:
            log.record(_STEP, **asdict(links))
    if deployment and not log.done(_DEPLOYMENT) and _deploy(membership, delivery, links):
        log.record(_DEPLOYMENT)
    delivery.environment_id, delivery.build_id = links.environment_id, links.build_id
    return links


def set_up_links(
    manifest: Manifest, membership: Membership, delivery: Delivery, *, deployment: bool
) -> LaunchLinks:
    """Find or create what a launch is linked to, without a bundle that could remember it.

    Raises:
        ServiceError: as ``set_up``.
    """
    links = _find_or_create(manifest, membership, delivery)
    if deployment:
        _deploy(membership, delivery, links)
    return links


def _find_or_create(manifest: Manifest, membership: Membership, delivery: Delivery) -> LaunchLinks:
    environment_id = build_id = ""
    if manifest.environment:
        try:
            url = manifest.environment_url or None
            environment_id = membership.find_or_create_environment(manifest.environment, url).id
        except ServiceError as error:
            _tolerate(error)
            delivery.warn(
                "environment",
                "The launch goes to OneTest's default environment, if there is one, and not to "
                f"{manifest.environment!r}: {_said(error)}",
            )
    if manifest.build_version:
        try:
            build_id = membership.find_or_create_build(
                manifest.build_version, manifest.commit, dict(manifest.attributes)
            ).id
        except ServiceError as error:
            _tolerate(error)
            delivery.warn(
                "build",
                f"Membership did not set up the build: {_said(error)} "
                f"The launch carries its version, {manifest.build_version}, for OneTest to resolve.",
            )
    return LaunchLinks(environment_id, build_id, "" if build_id else manifest.build_version)


def _deploy(membership: Membership, delivery: Delivery, links: LaunchLinks) -> bool:
    """Record that the build is on the environment; whether that succeeded."""
    if not (links.environment_id and links.build_id):
        delivery.warn("deployment", "No deployment was recorded: it needs both an environment and a build.")
        return False
    try:
        membership.record_deployment(links.environment_id, links.build_id)
    except ServiceError as error:
        _tolerate(error)
        delivery.warn("deployment", f"No deployment was recorded: {_said(error)}")
        return False
    return True


def _said(error: ServiceError) -> str:
    return f"{error.message} {error.hint}".rstrip()


def _tolerate(error: ServiceError) -> None:
    """Go on after what may concern Membership alone; re-raise what would stop the launch as well.

    A key that is refused here may be one for the Receiver alone (docs/onetest-api.md#api-keys).
    """
    if isinstance(error, (BudgetExhausted, Unreachable)) or error.code == "unknown-product":
        raise error
