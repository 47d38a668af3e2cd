"""What the log of a CI host can show. Runs that have no such log do not import how it is written."""

from collections.abc import Callable, Iterable

from onetest_ci.outcome import Outcome
from onetest_ci.text.escape import WorkflowCommand

Annotator = Callable[[Outcome, Iterable[WorkflowCommand]], list[WorkflowCommand]]
"""Returns the commands for the log, for an outcome without secrets and after commands that come first."""


def annotator_of(host: str) -> Annotator | None:
    """Return what annotates the tests for a host, by its key. None if its log has no commands for that."""
    if host == "github":
        from onetest_ci.outputs.annotations import github  # noqa: PLC0415 - see the module

        return github
    if host == "azure":
        from onetest_ci.outputs.annotations import azure  # noqa: PLC0415 - see the module

        return azure
    return None


def folds(host: str) -> bool:
    """Return whether the log of a host folds groups of lines. No host is the shell of a person."""
    if not host:
        return False
    from onetest_ci.outputs.log_groups import HOSTS  # noqa: PLC0415 - see the module

    return host in HOSTS
