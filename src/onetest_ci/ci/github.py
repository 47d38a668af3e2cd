"""GitHub Actions: what stands in the event file, or in the action's own inputs, and not in variables.

Sources in GitHub's documentation: the webhook payload of ``pull_request``, "Restrictions when Dependabot
triggers events", "Workflows in forked repositories", "Contexts" (``matrix``, ``job.check_run_id``).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from onetest_ci.ci.github_events import Event
from onetest_ci.ci.host import FROM_A_FORK, Host
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


def adjust(told: dict[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return what was tested, the trust of the run, which leg of a matrix its job is, and the job's page."""
    leg = _leg(environ.get("INPUT_MATRIX", ""))
    changed = {"job": f"{told.get('job', '')} {leg}".strip(), "leg": leg}
    job_id = environ.get("INPUT_JOB-ID", "")
    if job_id.isdecimal():
        run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}".format_map(
            _Known(environ)
        )
        changed["job_url"] = f"{run}/job/{job_id}"
    changed |= _of_ref(environ)
    event = Event.of(environ)
    changed |= event.tested(told | changed)
    changed["untrusted"] = _untrusted(event.name, environ, _dict(event.payload.get("pull_request")))
    return changed


def _of_ref(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what the ref names where that is no branch: a tag, or a pull request's trial merge."""
    ref = environ.get("GITHUB_REF", "")
    if environ.get("GITHUB_REF_TYPE") == "tag" or ref.startswith("refs/tags/"):
        return {"tag": environ.get("GITHUB_REF_NAME", "") or ref.removeprefix("refs/tags/"), "branch": ""}
    if ref.startswith("refs/pull/"):
        # GITHUB_REF_NAME is "7/merge".
        return {"pull_request": ref, "branch": environ.get("GITHUB_HEAD_REF", "")}
    return {}


def _untrusted(event_name: str, environ: Mapping[str, str], pull: dict[str, Any]) -> str:
    # GITHUB_ACTOR stays Dependabot when a person runs the job again, and so do the restrictions.
    if environ.get("GITHUB_ACTOR") == "dependabot[bot]" and event_name in _WITHOUT_SECRETS_BY_DEPENDABOT:
        return DEPENDABOT
    if not pull or event_name not in _WITHOUT_SECRETS_FROM_FORKS:
        return ""
    # A head without a repository is that of a fork since deleted.
    head = _str(_dict(_dict(pull.get("head")).get("repo")).get("full_name"))
    base = _str(_dict(_dict(pull.get("base")).get("repo")).get("full_name")) or environ.get(
        "GITHUB_REPOSITORY", ""
    )
    return "" if head.casefold() == base.casefold() else FROM_A_FORK


class _Known(dict[str, str]):
    """Variables for a template; one that is not set is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def _leg(matrix: str) -> str:
    """The leg of a matrix as GitHub names its job, ``(ubuntu-latest, 3.13)``; all legs share GITHUB_JOB."""
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


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""


# https://docs.github.com/en/actions/reference/workflows-and-actions/variables
HOST: Final = Host(
    key="github",
    name="GitHub Actions",
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
            "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}/attempts/{GITHUB_RUN_ATTEMPT}",
            "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
        ),
        "actor": ("GITHUB_ACTOR",),
        "workspace": ("GITHUB_WORKSPACE",),
        "temp_dir": ("RUNNER_TEMP",),
        "debug": ("RUNNER_DEBUG",),
    },
    adjust=adjust,
    path_map=github_path_map,
)
