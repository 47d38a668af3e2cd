"""Commit, branch and pull request by the event that started the run: one table for each host in ``events/``.

A row holds what the event puts into the environment and, on GitHub, its payload; a text in place of an object
is the file as it is. ``checkout`` is what the job checked out; without it there is none. ``expected`` holds
all attributes of the launch that say what was tested: one that is missing there must be missing.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from onetest_ci.ci import detect
from onetest_ci.ci.github_events import EVENTS
from onetest_ci.ci.host_table import HOSTS
from support.command import run
from support.event_table import DOCUMENT, document

TABLES = Path(__file__).parent / "events"
WHAT_WAS_TESTED = ("branch", "tag", "commit", "merge_commit", "pull_request", "tested_run_url")

# GitHub's documentation, "Events that trigger workflows"; projects are those of Enterprise Server.
GITHUB_EVENTS = [
    "branch_protection_rule",
    "check_run",
    "check_suite",
    "create",
    "delete",
    "deployment",
    "deployment_status",
    "discussion",
    "discussion_comment",
    "fork",
    "gollum",
    "image_version",
    "issue_comment",
    "issues",
    "label",
    "merge_group",
    "milestone",
    "page_build",
    "project",
    "project_card",
    "project_column",
    "public",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_target",
    "push",
    "registry_package",
    "release",
    "repository_dispatch",
    "schedule",
    "status",
    "watch",
    "workflow_call",
    "workflow_dispatch",
    "workflow_run",
]


class Row(NamedTuple):
    """One row of a table, with what is common to the table."""

    host: str
    event: str
    case: str
    common: Mapping[str, str]
    run_url: str
    env: Mapping[str, str]
    payload: Any
    files: Mapping[str, str]
    checkout: Mapping[str, str]
    expected: Mapping[str, str]

    def prepare(self, place: Path) -> dict[str, str]:
        """Write the files of the row, and return its environment."""
        if self.payload is not None:
            text = self.payload if isinstance(self.payload, str) else json.dumps(self.payload)
            (place / "payload.json").write_text(text, encoding="utf-8")
        for name, text in self.files.items():
            (place / name).write_text(text.replace("{files}", str(place)), encoding="latin-1")
        if self.checkout:
            check_out(place, **self.checkout)
        values = {"{payload}": str(place / "payload.json"), "{files}": str(place)}
        environ = {**self.common, **self.env}
        for mark, value in values.items():
            environ = {name: text.replace(mark, value) for name, text in environ.items()}
        return environ

    def with_branch(self, old: str, new: str) -> "Row":
        """Return the row as it is when the branch ``old`` has the name ``new``."""
        changed = json.loads(json.dumps([self.env, self.payload, self.files]).replace(old, new))
        return self._replace(env=changed[0], payload=changed[1], files=changed[2])

    def __str__(self) -> str:
        return f"{self.host}: {self.event}{', ' if self.case else ''}{self.case}"


def check_out(place: Path, *, commit: str, branch: str = "") -> None:
    """Make a checkout of the commit, on the branch or with a detached HEAD."""
    heads = place / ".git" / "refs" / "heads"
    heads.mkdir(parents=True)
    (place / ".git" / "HEAD").write_text(f"ref: refs/heads/{branch}\n" if branch else f"{commit}\n")
    if branch:
        (heads / branch).parent.mkdir(parents=True, exist_ok=True)
        (heads / branch).write_text(f"{commit}\n")


def rows_of(file: Path) -> list[Row]:
    table = json.loads(file.read_text(encoding="utf-8"))
    return [
        Row(
            host=file.stem,
            event=row["event"],
            case=row.get("case", ""),
            common=table["common"],
            run_url=table["run_url"],
            env=row["env"],
            payload=row.get("payload"),
            files=row.get("files", {}),
            checkout=row.get("checkout", {}),
            expected=row["expected"],
        )
        for row in table["rows"]
    ]


ROWS = [row for file in sorted(TABLES.glob("*.json")) for row in rows_of(file)]


def attributes(row: Row, place: Path) -> dict[str, str]:
    return dict(detect(row.prepare(place), place).attributes())


def what_was_tested(found: Mapping[str, str]) -> dict[str, str]:
    return {name: found[name] for name in WHAT_WAS_TESTED if name in found}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_was_tested(row: Row, tmp_path: Path) -> None:
    found = attributes(row, tmp_path)
    assert what_was_tested(found) == row.expected
    assert found["ci"] == row.host
    assert found.get("run_url", "") == row.run_url


FRONT = [row for row in ROWS if row.host == "github" and row.event in {"workflow_run", "merge_group"}]


@pytest.mark.parametrize("row", FRONT, ids=str)
def test_the_bundle_contains_what_was_tested(row: Row, tmp_path: Path) -> None:
    environ = row.prepare(tmp_path)
    (tmp_path / "r.xml").write_text('<testsuite name="s"><testcase classname="a.B" name="ok"/></testsuite>')
    done = run("report", "--dry-run", "--json", "o.json", "r.xml", cwd=tmp_path, env=environ)
    assert done.returncode == 0, done.stderr
    outcome = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert what_was_tested({pair["key"]: pair["value"] for pair in outcome["attributes"]}) == row.expected


def test_github_has_rows_for_every_event_that_can_start_a_workflow() -> None:
    assert sorted(EVENTS) == sorted(GITHUB_EVENTS)
    assert not set(GITHUB_EVENTS) - {row.event for row in ROWS if row.host == "github"}


def test_the_tables_of_the_document_equal_those_of_the_code() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()  # else: make events


def test_every_kind_of_event_has_a_row() -> None:
    """A kind of event that no row reaches is not tested at all."""
    reached = set()
    for row in ROWS:
        if isinstance(row.payload, dict):
            kinds = EVENTS.get(row.event, ())
            reached.add(next(((row.event, kind.title) for kind in kinds if kind.is_of(row.payload)), None))
    unreadable = {("issue_comment", "payload unreadable")}
    assert {(event, kind.title) for event, kinds in EVENTS.items() for kind in kinds} - reached == unreadable


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.key)
def test_every_host_has_rows_of_a_branch_a_tag_and_a_pull_request(host: Any) -> None:
    rows = [row.expected for row in ROWS if row.host == host.key]
    assert [row for row in rows if row.keys() == {"branch", "commit"}]
    assert [row for row in rows if {"pull_request", "commit", "branch"} <= row.keys()]
    # Tekton's example passes no tag on.
    assert host.key == "tekton" or [row for row in rows if row.keys() == {"tag", "commit"}]


BASE = "3c" * 20
SOURCE_NAMES = {"feature-x", "gift-wrap"}
BRANCHES = {row.host: row for row in reversed(ROWS) if row.expected.keys() == {"branch", "commit"}}
"""The first row of a branch for each host."""


# What a person says of a run, and Tekton's Task is that, is taken as it is.
@pytest.mark.parametrize("row", [row for row in BRANCHES.values() if row.host != "tekton"], ids=str)
def test_a_merge_queue_is_read_as_base_branch_and_pull_request(row: Row, tmp_path: Path) -> None:
    queued = row.with_branch(row.expected["branch"], f"gh-readonly-queue/release/2.x/pr-345-{BASE}")
    assert what_was_tested(attributes(queued, tmp_path)) == {
        "branch": "release/2.x",
        "pull_request": "345",
        "commit": row.expected["commit"],
    }


SOURCES = [
    row for row in ROWS if "pull_request" in row.expected and row.expected.get("branch") in SOURCE_NAMES
]


@pytest.mark.parametrize("row", SOURCES, ids=str)
def test_a_source_branch_is_never_read_as_a_merge_queue(row: Row, tmp_path: Path) -> None:
    name = f"gh-readonly-queue/main/pr-99-{BASE}"
    posing = row.with_branch(row.expected["branch"], name)
    assert what_was_tested(attributes(posing, tmp_path)) == {**row.expected, "branch": name}


READ = [event for event, kinds in EVENTS.items() if kinds]
"""Events whose payload is read."""
UNREADABLE = {
    "cut": b'{"pull_request": {"number": 12',
    "another type": b"[1, 2]",
    "not UTF-8": b'{"sha": "\xff"}',
    "deep": b"[" * 200_000,
    "a number without an end": b'{"number": ' + b"9" * 5000 + b"}",
}
LARGEST = 25 * 1024 * 1024
"""GitHub's cap on a payload, in bytes."""


def on_default_branch(event: str, place: Path) -> dict[str, str]:
    common = next(row.common for row in ROWS if row.host == "github")
    return {
        **common,
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(place / "payload.json"),
        "GITHUB_SHA": "5e" * 20,
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
    }


@pytest.mark.parametrize("kind", [*UNREADABLE, "a directory", "a pipe"])
@pytest.mark.parametrize("event", READ)
def test_an_unreadable_payload_counts_as_missing(event: str, kind: str, tmp_path: Path) -> None:
    environ = on_default_branch(event, tmp_path)
    missing = detect(environ, tmp_path)
    payload = tmp_path / "payload.json"
    if kind == "a directory":
        payload.mkdir()
    elif kind == "a pipe":
        os.mkfifo(payload)
    else:
        payload.write_bytes(UNREADABLE[kind])
    assert detect(environ, tmp_path) == missing


@pytest.mark.parametrize("over", [0, 1])
def test_a_payload_above_the_limit_of_github_is_not_read(over: int, tmp_path: Path) -> None:
    payload = json.dumps({"workflow_run": {"event": "push", "head_sha": "1a" * 20}}).encode()
    (tmp_path / "payload.json").write_bytes(payload.ljust(LARGEST + over))
    found = dict(detect(on_default_branch("workflow_run", tmp_path), tmp_path).attributes())
    assert what_was_tested(found) == ({} if over else {"commit": "1a" * 20})


def test_a_long_list_of_pull_requests_leaves_the_field_empty(tmp_path: Path) -> None:
    pulls = [{"number": number, "head": {"sha": "1a" * 20}} for number in range(1, 5000)]
    run_of = {"event": "pull_request", "head_sha": "1a" * 20, "pull_requests": pulls}
    (tmp_path / "payload.json").write_text(json.dumps({"workflow_run": run_of}))
    found = dict(detect(on_default_branch("workflow_run", tmp_path), tmp_path).attributes())
    assert what_was_tested(found) == {"commit": "1a" * 20}


WRONG: tuple[object, ...] = (
    None,
    True,
    -7,
    1.5,
    10**30,
    [],
    [{}],
    {},
    {"a": 1},
    "x" * 5000,
    "\x1b[31m\n::error::\u202e",
)


def with_one_wrong(value: object) -> Iterator[object]:
    """The payload again and again, each time with another of its values replaced by one that is wrong."""
    yield from WRONG
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: wrong} for wrong in with_one_wrong(inner))
    elif isinstance(value, list) and value:
        yield from ([wrong, *value[1:]] for wrong in with_one_wrong(value[0]))


@pytest.mark.parametrize("event", READ)
def test_wrong_values_in_payloads_are_left_out(event: str, tmp_path: Path) -> None:
    row = next(row for row in ROWS if row.host == "github" and row.event == event and row.payload)
    environ = row.prepare(tmp_path)
    for payload in with_one_wrong(row.payload):
        (tmp_path / "payload.json").write_text(json.dumps(payload), encoding="utf-8")
        found = what_was_tested(dict(detect(environ, tmp_path).attributes()))
        assert all(value.isprintable() and len(value) <= 128 for value in found.values())
        assert re.fullmatch(r"[0-9a-f]{40}|", found.get("commit", ""))
        assert re.fullmatch(r"[1-9][0-9]{0,17}|", found.get("pull_request", ""))
        assert re.fullmatch(
            r"https://github\.com/acme/shop/actions/runs/[0-9]+(?:/attempts/[0-9]+)?|",
            found.get("tested_run_url", ""),
        )
