"""Find or create the environment and the build of a launch, in Membership.

Set-up never costs the results: if Membership refuses or is missing, the launch contains the build's version,
which the Receiver resolves itself (docs/onetest-api.md#how-a-launch-finds-its-build).
"""

from typing import Final, NamedTuple

from onetest_ci.bundle.records import Manifest
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.errors import BudgetExhausted, ServiceError, Unreachable
from onetest_ci.onetest.membership import Membership
from onetest_ci.outcome import Delivery
from onetest_ci.push.context import PushContext

_MEMBERSHIP: Final = Step(Kind.MEMBERSHIP)
_LAUNCH: Final = Step(Kind.LAUNCH)
_DEPLOYMENT: Final = Step(Kind.DEPLOYMENT)


class LaunchLinks(NamedTuple):
    """The environment and build of a launch: IDs from Membership, else the version for the Receiver."""

    environment_id: str = ""
    build_id: str = ""
    build_version: str = ""


def set_up(context: PushContext, membership: Membership, *, deployment: bool) -> LaunchLinks:
    """Find or create the environment and build of a bundle, and record their IDs.

    Raises:
        ServiceError: an error that would stop the launch as well: the service cannot be reached, the product
            is unknown, or no coins are left.
    """
    log, delivery = context.log, context.delivery
    known = log.get(_LAUNCH) or log.get(_MEMBERSHIP)
    if known:
        links = LaunchLinks(*(str(known.get(name, "")) for name in LaunchLinks._fields))
    else:
        before = len(delivery.notices)
        links = _find_or_create(context.bundle.manifest, membership, delivery)
        # After a refusal nothing is recorded, so that the next push asks again before it starts the launch.
        if links != LaunchLinks() and len(delivery.notices) == before:
            log.record(_MEMBERSHIP, **links._asdict())
    if deployment and not log.done(_DEPLOYMENT) and _deploy(membership, delivery, links):
        log.record(_DEPLOYMENT)
    delivery.environment_id, delivery.build_id = links.environment_id, links.build_id
    return links


def set_up_links(
    manifest: Manifest, membership: Membership, delivery: Delivery, *, deployment: bool
) -> LaunchLinks:
    """Find or create the environment and build of a launch that has no bundle.

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
                f"{manifest.environment!r}: {_text(error)}",
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
                f"Membership did not set up the build: {_text(error)} "
                f"The launch carries its version, {manifest.build_version}, for OneTest to resolve.",
            )
    return LaunchLinks(environment_id, build_id, "" if build_id else manifest.build_version)


def _deploy(membership: Membership, delivery: Delivery, links: LaunchLinks) -> bool:
    """Record in Membership that the build runs on the environment. Return whether that succeeded."""
    if not (links.environment_id and links.build_id):
        delivery.warn("deployment", "No deployment was recorded: it needs both an environment and a build.")
        return False
    try:
        membership.record_deployment(links.environment_id, links.build_id)
    except ServiceError as error:
        _tolerate(error)
        delivery.warn("deployment", f"No deployment was recorded: {_text(error)}")
        return False
    return True


def _text(error: ServiceError) -> str:
    return f"{error.message} {error.hint}".rstrip()


def _tolerate(error: ServiceError) -> None:
    """Raise an error that would stop the launch as well; ignore one that may concern Membership alone.

    A key that is refused here may be one for the Receiver alone (docs/onetest-api.md#api-keys).
    """
    if isinstance(error, (BudgetExhausted, Unreachable)) or error.code == "unknown-product":
        raise error
