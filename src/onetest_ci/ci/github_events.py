"""Commit, branch and pull request by the event that started a GitHub workflow.

For most events the variables describe what was tested. For others ``GITHUB_SHA`` is the head of the default
branch, and only the event's payload contains commit, branch and pull request; a table holds the paths in it.
Parts of the payload are hostile: the author of a pull request chooses names in it. Values are read by type,
cleaned and bounded. A field that the payload does not contain stays empty.

Sources: GitHub's documentation, "Events that trigger workflows" (``GITHUB_SHA`` and ``GITHUB_REF`` of each
event) and "Webhook events and payloads"; actions/checkout, src/unsafe-pr-checkout-helper.ts, for
``workflow_run`` after ``pull_request_target``: ``head_sha`` is the base's and ``head_commit.id`` the head's.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from onetest_ci.ci.host import Environ, Fields, cleaned, of_merge_queue, source_value
from onetest_ci.ci.pull_refs import merge_queue

# GitHub caps a webhook payload at 25 MB.
_MAX_EVENT_BYTES: Final = 25 * 1024 * 1024
_MAX_NUMBER: Final = 10**18
# Paths of whole numbers; all other values are texts. The last is the path in an entry of a list.
_NUMBERS: Final = frozenset(
    {"pull_request.number", "issue.number", "workflow_run.id", "workflow_run.run_attempt", "number"}
)

VARIABLES: Final = "variables"
"""The source that stands for the value from the table of variables."""

RUNS: Final = "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs"
"""Template of the address that those of runs begin with."""

Sources = dict[str, tuple[str, ...]]
"""Field of ``CIContext`` to its sources, best first; without a source the field stays empty.

A source is a path of the payload, a variable, a template of both, or ``VARIABLES``.
"""


class EventKind(NamedTuple):
    """A kind of event, and the sources of its fields.

    Attributes:
        fields: sources by field; the variables count for all other fields.
        title: name of the kind, for people; empty if the event has one kind.
        path: path in the payload that shows the kind; empty for the last kind of an event.
        accepted: the values at that path; ``true`` and ``object`` stand for JSON's.
        own_branch: whether the branch is certainly one of this repository. Only then the name of a merge
            queue's branch is trusted.
    """

    fields: Sources
    title: str = ""
    path: str = ""
    accepted: frozenset[str] = frozenset()
    own_branch: bool = False

    def is_of(self, payload: Mapping[str, Any]) -> bool:
        """Return whether the payload is of this kind."""
        return not self.path or _word(_at(payload, self.path)) in self.accepted

    @property
    def has_stand_in(self) -> bool:
        """Whether ``GITHUB_SHA`` is another commit than the one that was tested."""
        return "commit" in self.fields and "GITHUB_SHA" not in self.fields["commit"]


# The variables of these events hold the commit and the branch or tag that the job checks out.
_IN_VARIABLES: Final = (
    "branch_protection_rule",
    "create",
    "delete",
    "deployment",
    "deployment_status",
    "discussion",
    "discussion_comment",
    "fork",
    "gollum",
    "image_version",
    "issues",
    "label",
    "milestone",
    "project",
    "project_card",
    "project_column",
    "public",
    "push",
    "registry_package",
    "repository_dispatch",
    "schedule",
    "watch",
    "workflow_call",
    "workflow_dispatch",
)
# These run on the default branch and are about another commit, which their runs do not pass on.
_ABOUT_OTHER_COMMITS: Final = frozenset(
    {"check_run", "check_suite", "issue_comment", "page_build", "status", "workflow_run"}
)
_TRUE: Final = frozenset({"true"})
_OBJECT: Final = frozenset({"object"})
_UNKNOWN: Final[Sources] = {"commit": (), "branch": (), "pull_request": ()}

# GITHUB_SHA is a trial merge, which is on no branch, and GITHUB_REF_NAME is "7/merge".
_PULL_REQUEST: Final[Sources] = {
    "commit": ("pull_request.head.sha", "GITHUB_SHA"),
    "branch": ("pull_request.head.ref", "GITHUB_HEAD_REF"),
    "pull_request": ("pull_request.number", "GITHUB_REF"),
    "merge_commit": ("GITHUB_SHA",),
}
# GITHUB_SHA is the head of the base or of the default branch.
_TARGET: Final[Sources] = {
    "commit": ("pull_request.head.sha",),
    "branch": ("pull_request.head.ref", "GITHUB_HEAD_REF"),
    "pull_request": ("pull_request.number",),
}
# The commit that the merge made is on the base branch for good, and the job checks it out.
_MERGED: Final[Sources] = {
    "commit": ("pull_request.merge_commit_sha", "GITHUB_SHA"),
    "branch": ("pull_request.base.ref",),
    "pull_request": ("pull_request.number",),
}
_OPEN: Final = "open, or closed without a merge"

_OTHER_RUN: Final[Sources] = {
    "commit": ("workflow_run.head_sha",),
    "branch": ("workflow_run.head_branch",),
    "pull_request": (),
    "tested_run_url": (
        f"{RUNS}/{{workflow_run.id}}/attempts/{{workflow_run.run_attempt}}",
        "workflow_run.html_url",
    ),
}
_RUN_OF_PULL_REQUEST: Final = _OTHER_RUN | {"pull_request": ("workflow_run.pull_requests",)}
_STARTED_BY: Final = "workflow_run.event"


def _merged(commit: tuple[str, ...] = _MERGED["commit"]) -> EventKind:
    return EventKind(_MERGED | {"commit": commit}, "merged", "pull_request.merged", _TRUE)


def _check(name: str, branch: str) -> EventKind:
    # A fork's branch is null here, and its list of pull requests is empty.
    sources: Sources = {
        "commit": (f"{name}.head_sha",),
        "branch": (branch,),
        "pull_request": (f"{name}.pull_requests",),
    }
    return EventKind(sources, own_branch=True)


EVENTS: Final[Mapping[str, tuple[EventKind, ...]]] = dict.fromkeys(_IN_VARIABLES, ()) | {
    "check_run": (_check("check_run", "check_run.check_suite.head_branch"),),
    "check_suite": (_check("check_suite", "check_suite.head_branch"),),
    "issue_comment": (
        EventKind(
            _UNKNOWN | {"pull_request": ("issue.number",)}, "on a pull request", "issue.pull_request", _OBJECT
        ),
        EventKind({}, "on an issue", "issue", _OBJECT),
        EventKind(_UNKNOWN, "payload unreadable"),
    ),
    "merge_group": (
        EventKind(
            {
                "commit": ("merge_group.head_sha", "GITHUB_SHA"),
                "branch": ("merge_group.base_ref", VARIABLES),
                # The group's branch is named after the last of its pull requests.
                "pull_request": ("merge_group.head_ref", VARIABLES),
            }
        ),
    ),
    "page_build": (EventKind(_UNKNOWN | {"commit": ("build.commit",)}),),
    "pull_request": (_merged(), EventKind(_PULL_REQUEST, _OPEN)),
    "pull_request_review": (EventKind(_PULL_REQUEST),),
    "pull_request_review_comment": (EventKind(_PULL_REQUEST),),
    "pull_request_target": (_merged(("pull_request.merge_commit_sha",)), EventKind(_TARGET, _OPEN)),
    "release": (EventKind({"branch": (), "tag": (VARIABLES, "release.tag_name")}),),
    "status": (EventKind(_UNKNOWN | {"commit": ("sha",), "branch": ("branches",)}),),
    "workflow_run": (
        EventKind(
            _RUN_OF_PULL_REQUEST | {"commit": ("workflow_run.head_commit.id",)},
            "after `pull_request_target`",
            _STARTED_BY,
            frozenset({"pull_request_target"}),
        ),
        EventKind(
            _OTHER_RUN | {"branch": (), "tag": ("workflow_run.head_branch",)},
            "after `release`",
            _STARTED_BY,
            frozenset({"release"}),
        ),
        EventKind(
            _OTHER_RUN | _UNKNOWN,
            f"after {', '.join(f'`{name}`' for name in sorted(_ABOUT_OTHER_COMMITS))}",
            _STARTED_BY,
            _ABOUT_OTHER_COMMITS,
        ),
        EventKind(
            _OTHER_RUN,
            "after `push`, `merge_group` and the like",
            _STARTED_BY,
            frozenset({"merge_group", *_IN_VARIABLES}),
            own_branch=True,
        ),
        EventKind(_RUN_OF_PULL_REQUEST, "after a pull request or a review of one"),
    ),
}
"""Kinds by event; the first that fits counts. Without kinds the variables count for all fields."""


def kinds_of(event: str) -> tuple[EventKind, ...]:
    """Return the kinds of an event.

    Relatives of GitHub have further events of pull requests: their kinds are those of ``pull_request``.
    """
    return EVENTS.get(event, EVENTS["pull_request"] if event.startswith("pull_request") else ())


class Event(NamedTuple):
    """The event that started the run.

    Attributes:
        name: the event's name.
        payload: its payload; empty if it is missing or cannot be read.
        environ: the process's variables.
    """

    name: str
    payload: Mapping[str, Any]
    environ: Environ

    @classmethod
    def of(cls, environ: Environ) -> "Event":
        """Read the event, and its payload if the table has kinds of the event."""
        name = environ.get("GITHUB_EVENT_NAME", "")
        return cls(name, _payload(environ.get("GITHUB_EVENT_PATH", "")) if kinds_of(name) else {}, environ)

    def has(self, path: str) -> bool:
        """Return whether the payload contains an object that is not empty."""
        value = _at(self.payload, path)
        return isinstance(value, dict) and bool(value)

    def text(self, path: str) -> str:
        """Return a text of the payload; empty if it does not contain it."""
        return _typed(path, _at(self.payload, path))

    def tested(self, from_variables: Fields) -> Fields:
        """Return the fields of what was tested, cleaned; one that was not found is empty.

        Args:
            from_variables: the fields that the variables contain.

        Returns:
            The fields. ``stand_in`` is the value of ``GITHUB_SHA`` if that is not the tested commit.
        """
        kind = next((kind for kind in kinds_of(self.name) if kind.is_of(self.payload)), EventKind({}))
        found: Fields = {}
        for field, sources in kind.fields.items():
            values = (
                from_variables.get(field, "") if source == VARIABLES else self._value(field, source, found)
                for source in sources
            )
            found[field] = next(filter(None, (cleaned(field, value) for value in values)), "")
        if kind.own_branch:
            found |= of_merge_queue({field: value for field, value in found.items() if value})
        if kind.has_stand_in:
            found["stand_in"] = self.environ.get("GITHUB_SHA", "")
        return found

    def _value(self, field: str, source: str, found: Fields) -> str:
        def look_up(name: str) -> str:
            if name.isupper():
                return self.environ.get(name, "")
            value = _at(self.payload, name)
            if isinstance(value, list):
                return self._only_one(field, value, found.get("commit", ""))
            text = _typed(name, value)
            queue = merge_queue(text) if field == "pull_request" else None
            return queue.pull_request if queue else text

        return source_value(source, look_up)

    def _only_one(self, field: str, listed: list[Any], commit: str) -> str:
        """Return the one branch or pull request of a list; empty if several are left to choose from."""
        if field == "branch":
            return _single(_typed("name", _at(entry, "name")) for entry in listed)
        # Pull requests into other repositories of the network are listed too.
        repository = _at(self.payload, "repository.id")
        here = [
            entry
            for entry in listed
            if repository is None or _at(entry, "base.repo.id") in (None, repository)
        ]
        at_commit = [entry for entry in here if _at(entry, "head.sha") == commit]
        chosen = at_commit if len(here) > 1 else here
        return _single(_typed("number", _at(entry, "number")) for entry in chosen)


def _single(values: Iterable[str]) -> str:
    different = {value for value in values if value}
    return different.pop() if len(different) == 1 else ""


def _at(payload: object, path: str) -> object:
    """Return the value at a dotted path; None if there is none."""
    value = payload
    for name in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def _typed(path: str, value: object) -> str:
    """Return a value as text if it has the type of its path; empty for any other type."""
    if path in _NUMBERS:
        is_number = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MAX_NUMBER
        return str(value) if is_number else ""
    return value if isinstance(value, str) else ""


def _word(value: object) -> str:
    """Return a value as a word to compare: text, ``true``, ``false`` or ``object``; empty for all others."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "object"
    return value if isinstance(value, str) else ""


def _payload(path: str) -> dict[str, Any]:
    """Return the event's payload; empty if the file is missing, too large, or not a JSON object."""
    import json  # noqa: PLC0415 - most events need no payload

    try:
        file = Path(path)
        if not file.is_file() or file.stat().st_size > _MAX_EVENT_BYTES:
            return {}
        payload = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}
