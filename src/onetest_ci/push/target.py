"""Choose the launch for a bundle: one of its own, or one that many runners share."""

from typing import Final, NamedTuple
from uuid import UUID, uuid5

from onetest_ci.ci.context import CIContext
from onetest_ci.errors import UsageProblem
from onetest_ci.settings.delivery import DeliverySettings

_KEYED: Final = UUID("6f0c7a1e-5d0b-4b52-9a53-0f6f2b1c7d44")
"""Namespace of the UUIDs of launches with a key."""


class Target(NamedTuple):
    """The launch for a bundle.

    Attributes:
        uuid: of a shared launch. Empty for a launch of the bundle's own.
        starts: whether to start the launch. A shared one may have been started already.
        finishes: whether to finish the launch when all is sent.
    """

    uuid: str = ""
    starts: bool = True
    finishes: bool = True

    @property
    def shared(self) -> bool:
        """Whether other runners report to the launch as well."""
        return bool(self.uuid)


OWN: Final = Target()


def target_of(settings: DeliverySettings, context: CIContext) -> Target:
    """Return the launch that the settings name.

    Raises:
        UsageProblem: they name two launches, or a shared one in import mode.
    """
    if settings.launch and settings.launch_key:
        raise UsageProblem(
            "two-launches", "--launch and --launch-key both name a launch.", "Give one of them."
        )
    if not (settings.launch or settings.launch_key):
        return Target(finishes=settings.finish != "never")
    if settings.mode == "import":
        raise UsageProblem(
            "no-shared-import",
            "An import makes a launch of its own; it cannot go into the launch that --launch or --launch-key "
            "names.",
            "Leave out --mode import.",
        )
    finishes = settings.finish == "always"
    if settings.launch:
        return Target(settings.launch, starts=False, finishes=finishes)
    return Target(keyed_launch(settings.launch_key, settings.product_id, context), finishes=finishes)


def keyed_launch(key: str, product_id: str, context: CIContext) -> str:
    """Return the UUID of the launch with a key: the same for all jobs of a CI run, another in the next run.

    Attempts of a run differ, since a finished launch accepts no more items. Outside CI only the key counts.
    """
    run = (
        context.host,
        context.repository_url or context.repository,
        context.run_id,
        context.run_attempt,
    )
    return str(uuid5(_KEYED, "\n".join((product_id, *run, key))))


def tested_run(context: CIContext, product_id: str) -> tuple[str, ...]:
    """Return texts that identify the run that tested an untrusted bundle.

    On GitHub that is the run of ``workflow_run``: its URL contains repository, ID and attempt. Elsewhere it
    is the current run without its attempt, so that a further attempt continues the delivery.
    """
    if context.tested_run_url:
        return ("tested", context.tested_run_url, product_id)
    return ("pushing", context.host, context.repository, context.run_id, product_id)
