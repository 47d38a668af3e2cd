"""Whether anybody may have chosen what a run tests, also where CI passes secrets to the run.

Source: GitHub's documentation, "Webhook events and payloads". ``issue_comment`` has the issue alone, so that
the repository of a pull request's head is unknown; ``workflow_run`` has ``head_repository``.
"""

from typing import Final

from onetest_ci.ci.context import CIContext
from onetest_ci.ci.github import is_from_a_fork
from onetest_ci.ci.github_events import Event
from onetest_ci.ci.host import FROM_A_FORK, Environ

_COMMENT: Final = "comment on a pull request, which may be from a fork"


def outsiders_run(environ: Environ, context: CIContext) -> str:
    """Return what kind of run it is if anybody may have chosen the tested code and its results; else empty.

    Args:
        environ: the process's variables.
        context: of the run. It names the runs from which CI keeps secrets.
    """
    if context.untrusted:
        return context.untrusted
    return _on_github(Event.of(environ)) if context.host == "github" else ""


def _on_github(event: Event) -> str:
    """Return what kind of run it is. These events have secrets: the workflow is that of the base."""
    if is_from_a_fork(event) or _is_after_a_fork(event):
        return FROM_A_FORK
    if event.name == "issue_comment" and (not event.payload or event.has("issue.pull_request")):
        return _COMMENT
    return ""


def _is_after_a_fork(event: Event) -> bool:
    if not event.text("workflow_run.event").startswith("pull_request"):
        return False
    head = event.text("workflow_run.head_repository.full_name")
    return head.casefold() != event.environ.get("GITHUB_REPOSITORY", "").casefold()
