"""GitHub Actions: what stands in the event file, or in the action's own inputs, and not in variables.

Sources in GitHub's documentation: the webhook payload of ``pull_request``, "Restrictions when Dependabot
triggers events", "Workflows in forked repositories", "Contexts" (``matrix``, ``job.check_run_id``).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from onetest_ci.ci.provider import FROM_A_FORK

DEPENDABOT: Final = "Dependabot run"

_PULL_REF: Final = re.compile(r"refs/pull/([0-9]+)/(?:merge|head)\Z")
# GitHub caps a webhook payload at 25 MB.
_MAX_EVENT_BYTES: Final = 25 * 1024 * 1024

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
    """Tag, pull request and trust of a run; which leg of a matrix its job is, and the job's page."""
    changed = {"job": told.get("job", "") + _leg(environ.get("INPUT_MATRIX", ""))}
    job_id = environ.get("INPUT_JOB-ID", "")
    if job_id.isdecimal():
        run = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}".format_map(
            _Known(environ)
        )
        changed["job_url"] = f"{run}/job/{job_id}"
    if environ.get("GITHUB_REF_TYPE") == "tag":
        changed |= {"tag": environ.get("GITHUB_REF_NAME", ""), "branch": ""}
    event_name = environ.get("GITHUB_EVENT_NAME", "")
    pull: dict[str, Any] = {}
    if event_name.startswith("pull_request"):
        pull = _dict(_read_event(environ.get("GITHUB_EVENT_PATH", "")).get("pull_request"))
        changed |= _pull_request(told, environ, pull)
    changed["untrusted"] = _untrusted(event_name, environ, pull)
    return changed


def _pull_request(told: dict[str, str], environ: Mapping[str, str], pull: dict[str, Any]) -> dict[str, str]:
    head = _dict(pull.get("head"))
    ref = _PULL_REF.match(environ.get("GITHUB_REF", ""))
    number = pull.get("number")
    # GITHUB_SHA is a trial merge that nobody pushed, and GITHUB_REF_NAME is "7/merge".
    return {
        "pull_request": str(number) if isinstance(number, int) else (ref[1] if ref else ""),
        "commit": _str(head.get("sha")) or told.get("commit", ""),
        "branch": _str(head.get("ref")) or environ.get("GITHUB_HEAD_REF", ""),
    }


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
    return f" ({', '.join(values)})" if values else ""


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


def _read_event(path: str) -> dict[str, Any]:
    """The event's payload; empty when there is none that can be read."""
    import json  # noqa: PLC0415 - only pull requests need it

    try:
        file = Path(path)
        if not file.is_file() or file.stat().st_size > _MAX_EVENT_BYTES:
            return {}
        return _dict(json.loads(file.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""
