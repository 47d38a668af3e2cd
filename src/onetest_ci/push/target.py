"""Which launch a bundle goes to: one of its own, or one that many runners share."""

from typing import Final, NamedTuple
from uuid import UUID, uuid5

from onetest_ci.ci.context import CIContext
from onetest_ci.errors import UsageProblem
from onetest_ci.settings.delivery import DeliverySettings

_KEYED: Final = UUID("6f0c7a1e-5d0b-4b52-9a53-0f6f2b1c7d44")
"""Namespace of launches that are known by a key."""


class Target(NamedTuple):
    """Where a bundle's items go.

    Attributes:
        uuid: of a launch that others report to as well; empty for the bundle's own.
        starts: whether the launch is started, which for a shared one may mean to join it.
        finishes: whether it is finished when all is sent.
    """

    uuid: str = ""
    starts: bool = True
    finishes: bool = True

    @property
    def shared(self) -> bool:
        """Whether others report to it as well."""
        return bool(self.uuid)


OWN: Final = Target()


def target_of(settings: DeliverySettings, context: CIContext) -> Target:
    """Which launch the settings name.

    Raises:
        UsageProblem: they name two, or a shared one in a mode that knows none.
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
    """The launch that a key means in this run of CI: the same for all jobs of the run, another in the next.

    A run's attempts differ, since a launch that is finished takes no more items. Outside CI the key is all
    there is.
    """
    run = (
        context.host,
        context.repository_url or context.repository,
        context.run_id,
        context.run_attempt,
    )
    return str(uuid5(_KEYED, "\n".join((product_id, *run, key))))
