"""The tables of what was tested, by event and by host: made out of the tables in the code.

    PYTHONPATH=src:tests python tests/support/event_table.py

writes them into ``docs/reference/ci-hosts.md``, between their marks.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from onetest_ci.ci.github_events import EVENTS, VARIABLES, EventKind
from onetest_ci.ci.host_table import HOSTS
from onetest_ci.ci.jenkins import TRIGGERS

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "reference" / "ci-hosts.md"
NOTHING: Final = "-"
FIELDS: Final = ("commit", "branch", "tag", "pull_request")
VARIABLE_OF: Final = {"commit": ("GITHUB_SHA",), "branch": ("GITHUB_REF",), "tag": ("GITHUB_REF",)}
"""What the variables of GitHub hold, where an event's kind does not name the field."""


def sources(names: Iterable[str]) -> str:
    """Sources, best first, as one cell."""
    return ", else ".join(f"`{name}`" for name in names) or NOTHING


def rows(heads: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, (":---",) * len(heads), *body]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def github() -> str:
    """The kinds of all events; those that the variables describe are one row."""
    plain = ", ".join(f"`{event}`" for event in sorted(EVENTS) if not EVENTS[event])
    body = [
        (f"`{event}`", kind.title, *(cell(kind, field) for field in FIELDS))
        for event, kinds in EVENTS.items()
        for kind in kinds
    ]
    return rows(
        ("event", "kind", "commit", "branch", "tag", "pull request"),
        [*body, (plain, "", *(cell(EventKind({}), field) for field in FIELDS))],
    )


def cell(kind: EventKind, field: str) -> str:
    """Where a field of an event's kind is found."""
    given = kind.fields.get(field)
    if given is None:
        # An event whose branch stands in its payload is not one of a tag.
        from_ref = field != "tag" or "branch" not in kind.fields
        return sources(VARIABLE_OF.get(field, ()) if from_ref else ())
    named = [VARIABLE_OF.get(field, ("GITHUB_REF",))[0] if name == VARIABLES else name for name in given]
    return sources(dict.fromkeys(named))


def hosts() -> str:
    """The variables of the other hosts."""
    fields = ("commit", "merge_commit", "branch", "tag", "pull_request")
    return rows(
        ("host", "commit", "trial merge", "branch", "tag", "pull request"),
        (
            (host.name, *(sources(host.fields.get(field, ())) for field in fields))
            for host in HOSTS
            if host.key != "github"
        ),
    )


def jenkins() -> str:
    """The plugins that build pull requests on Jenkins."""
    return rows(
        ("plugin", "commit", "branch", "pull request"),
        (
            (
                trigger.plugin,
                sources((*trigger.commits, "GIT_COMMIT")),
                sources([trigger.branch]),
                sources([trigger.number]),
            )
            for trigger in TRIGGERS
        ),
    )


TABLES: Final = {"github": github, "hosts": hosts, "jenkins": jenkins}


def document() -> str:
    """The document with the tables as they are now."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        before, found, rest = text.partition(begin)
        assert found, begin
        text = before + begin + table() + end + rest.partition(end)[2]
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
