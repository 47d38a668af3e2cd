"""GitHub Actions: its row, and facts from the event file and the action's own inputs.

Sources in GitHub's documentation: the webhook payload of ``pull_request``, "Restrictions when Dependabot
triggers events", "Workflows in forked repositories", "Contexts" (``matrix``, ``job.check_run_id``).
"""

from collections.abc import Iterator
from typing import Final

from onetest_ci.ci.github_events import RUNS, Event
from onetest_ci.ci.host import FROM_A_FORK, Environ, Fields, Host, source_value
from onetest_ci.ci.path_map import github_path_map

DEPENDABOT: Final = "Dependabot run"

# pull_request_target and workflow_run are missing on purpose: they run with secrets.
_WITHOUT_SECRETS_FROM_FORKS: Final = frozenset(
    {"pull_request", "pull_request_review", "pull_request_review_comment"}
)
_WITHOUT_SECRETS_BY_DEPENDABOT: Final = _WITHOUT_SECRETS_FROM_FORKS | {
    "push",
    "create",
    "deployment",
    "deployment_status",
}
_COMMENT: Final = "comment on a pull request, which may be from a fork"


def adjust(fields: Fields, environ: Environ) -> Fields:
    """Return what was tested, the trust of the run, which leg of a matrix its job is, and the job's page."""
    leg = _leg(environ.get("INPUT_MATRIX", ""))
    changed = {"job": f"{fields.get('job', '')} {leg}".strip(), "leg": leg}
    job_id = environ.get("INPUT_JOB-ID", "")
    if job_id.isdecimal():
        changed["job_url"] = source_value(
            f"{RUNS}/{{GITHUB_RUN_ID}}/job/{job_id}", lambda name: environ.get(name, "")
        )
    changed |= _of_ref(environ)
    event = Event.of(environ)
    changed |= event.tested(fields | changed)
    changed["untrusted"] = _untrusted(event)
    changed["open_to_outsiders"] = "" if changed["untrusted"] else _open_to_outsiders(event)
    return changed


def _of_ref(environ: Environ) -> Fields:
    """Return the tag or the pull request that the ref names, if it is not a branch."""
    ref = environ.get("GITHUB_REF", "")
    if environ.get("GITHUB_REF_TYPE") == "tag" or ref.startswith("refs/tags/"):
        return {"tag": environ.get("GITHUB_REF_NAME", "") or ref.removeprefix("refs/tags/"), "branch": ""}
    if ref.startswith("refs/pull/"):
        # GITHUB_REF_NAME is "7/merge".
        return {"pull_request": ref, "branch": environ.get("GITHUB_HEAD_REF", "")}
    return {}


def _untrusted(event: Event) -> str:
    """Return why GitHub keeps secrets from the run; empty if it does not."""
    # GITHUB_ACTOR stays Dependabot when a person runs the job again, and so do the restrictions.
    actor = event.environ.get("GITHUB_ACTOR")
    if actor == "dependabot[bot]" and event.name in _WITHOUT_SECRETS_BY_DEPENDABOT:
        return DEPENDABOT
    return FROM_A_FORK if event.name in _WITHOUT_SECRETS_FROM_FORKS and _is_from_a_fork(event) else ""


def _open_to_outsiders(event: Event) -> str:
    """Return the kind of a run with secrets whose tested code anybody may have chosen; else empty.

    The workflow of such a run is that of the base. ``issue_comment`` has the issue alone, so that the
    repository of a pull request's head is unknown; ``workflow_run`` has ``head_repository``.
    """
    if _is_from_a_fork(event) or _is_after_a_fork(event):
        return FROM_A_FORK
    if event.name == "issue_comment" and (not event.payload or event.has("issue.pull_request")):
        return _COMMENT
    return ""


def _is_after_a_fork(event: Event) -> bool:
    if not event.text("workflow_run.event").startswith("pull_request"):
        return False
    head = event.text("workflow_run.head_repository.full_name")
    return head.casefold() != event.environ.get("GITHUB_REPOSITORY", "").casefold()


def _is_from_a_fork(event: Event) -> bool:
    """Return whether the event is of a pull request from a fork."""
    if not event.has("pull_request"):
        return False
    # A head without a repository is that of a fork since deleted.
    head = event.text("pull_request.head.repo.full_name")
    base = event.text("pull_request.base.repo.full_name") or event.environ.get("GITHUB_REPOSITORY", "")
    return head.casefold() != base.casefold()


def _leg(matrix: str) -> str:
    """Return the leg of a matrix as in its job's name, ``(ubuntu-latest, 3.13)``; all share GITHUB_JOB."""
    if not matrix.startswith("{"):
        return ""
    import json  # noqa: PLC0415 - only a matrix needs it

    try:
        values = list(_scalars(json.loads(matrix)))
    except (ValueError, RecursionError):
        return ""
    return f"({', '.join(values)})" if values else ""


def _scalars(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _scalars(one)
    elif isinstance(value, list):
        for one in value:
            yield from _scalars(one)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif value not in (None, ""):
        yield f"{value:g}" if isinstance(value, float) else str(value)


HOST: Final = Host(
    key="github",
    name="GitHub Actions",
    documentation=("https://docs.github.com/en/actions/reference/workflows-and-actions/variables",),
    marks=(frozenset({"GITHUB_ACTIONS"}),),
    fields={
        "run_id": ("GITHUB_RUN_ID",),
        "run_attempt": ("GITHUB_RUN_ATTEMPT",),
        "workflow": ("GITHUB_WORKFLOW",),
        "job": ("GITHUB_JOB",),
        "build_number": ("GITHUB_RUN_NUMBER",),
        "branch": ("GITHUB_HEAD_REF", "GITHUB_REF_NAME"),
        "commit": ("GITHUB_SHA",),
        "repository": ("GITHUB_REPOSITORY",),
        "repository_url": ("{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}",),
        "run_url": (
            f"{RUNS}/{{GITHUB_RUN_ID}}/attempts/{{GITHUB_RUN_ATTEMPT}}",
            f"{RUNS}/{{GITHUB_RUN_ID}}",
        ),
        "actor": ("GITHUB_ACTOR",),
        "workspace": ("GITHUB_WORKSPACE",),
        "temp_dir": ("RUNNER_TEMP",),
        "debug": ("RUNNER_DEBUG",),
    },
    url_variables=(
        "GITHUB_API_URL",
        "GITHUB_GRAPHQL_URL",
        "GITHUB_SERVER_URL",
    ),
    references="",
    adjust=adjust,
    path_map=github_path_map,
)
