"""What a CI host is made of, as far as a table can say it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from onetest_ci.ci import safe_values
from onetest_ci.ci.path_map import PathMap
from onetest_ci.ci.pull_refs import merge_queue, pull_request

Environ = Mapping[str, str]
Fields = dict[str, str]

FROM_A_FORK: Final = "pull request from a fork"


def _nothing(_told: Fields, _environ: Environ) -> Fields:
    return {}


def _same(_environ: Environ) -> PathMap:
    return ()


@dataclass(frozen=True, slots=True)
class Host:
    """One CI host.

    Attributes:
        key: short name, as attributes and outputs carry it.
        name: the name for people.
        marks: sets of variables; the host is this one when all of any set are set, ``NAME=value`` to
            that value.
        fields: field of ``CIContext`` to where its value is found, best first. A source is a variable, or a
            template with ``{VARIABLE}``, which counts only when all its variables are set.
        adjust: a function for the facts that a table cannot hold: it gets the fields and the environment and
            returns the fields that change. An empty value removes a field. One field is not of ``CIContext``:
            ``stand_in`` is the commit that the host gives although another one was tested.
        path_map: directories that lie elsewhere for this process than for the steps before it.
    """

    key: str
    name: str
    marks: tuple[frozenset[str], ...]
    fields: Mapping[str, tuple[str, ...]]
    adjust: Callable[[Fields, Environ], Fields] = _nothing
    path_map: Callable[[Environ], PathMap] = _same

    def is_here(self, environ: Environ) -> bool:
        """Whether the environment is that of a job of this host."""
        return any(all(_marked(mark, environ) for mark in marks) for marks in self.marks)

    def tell(self, environ: Environ) -> Fields:
        """Return the fields that the environment gives, cleaned, without empty ones."""
        told = {
            field: value
            for field, sources in self.fields.items()
            if (value := _first(field, sources, environ))
        }
        told |= of_merge_queue(told)
        adjusted = {field: cleaned(field, value) for field, value in self.adjust(told, environ).items()}
        fields = {field: value for field, value in (told | adjusted).items() if value}
        if "pull_request" not in fields or fields.get("merge_commit") == fields.get("commit"):
            # The commit that was built is the one that people know: there is no trial merge beside it.
            fields.pop("merge_commit", None)
        return fields


def of_merge_queue(fields: Fields) -> Fields:
    """Return base branch and pull request where the branch is a merge queue's.

    Where a pull request is known already, the branch is its source, and its author chose the name.
    """
    queue = None if "pull_request" in fields else merge_queue(fields.get("branch", ""))
    return {"branch": queue.base, "pull_request": queue.pull_request} if queue else {}


_CLEANERS: Final[Mapping[str, Callable[[str], str]]] = {
    "branch": safe_values.branch,
    "commit": safe_values.commit_id,
    "debug": safe_values.switch,
    "job_url": safe_values.web_url,
    "merge_commit": safe_values.commit_id,
    "pull_request": pull_request,
    "repository_url": safe_values.repository_url,
    "run_url": safe_values.web_url,
    "stand_in": safe_values.commit_id,
    "temp_dir": str,  # a shortened path would be another path
    "tested_run_url": safe_values.web_url,
    "workspace": str,
}
_VARIABLE: Final = re.compile(r"\{([\w.]+)\}")


def cleaned(field: str, value: str) -> str:
    """A field's value without what it must not hold; empty when nothing usable is left."""
    return _CLEANERS.get(field, safe_values.text)(value)


def part_of(job: str, index: str, total: str) -> str:
    """A job's name with its part of a parallel job, counted from 1: ``unit 2/4``."""
    return f"{job} {index}/{total}" if job and index.isdigit() and total.isdigit() and int(total) > 1 else job


def _marked(mark: str, environ: Environ) -> bool:
    name, equals, value = mark.partition("=")
    return environ.get(name, "") == value if equals else bool(safe_values.switch(environ.get(name, "")))


def source_value(source: str, look_up: Callable[[str], str]) -> str:
    """Return the value of a source: of the variable that it names, or of its template.

    A template counts only where none of its parts is empty.
    """
    names = _VARIABLE.findall(source)
    if not names:
        return look_up(source)
    values = {name: look_up(name) for name in names}
    return _VARIABLE.sub(lambda found: values[found[1]], source) if all(values.values()) else ""


def _first(field: str, sources: tuple[str, ...], environ: Environ) -> str:
    values = (cleaned(field, source_value(source, lambda name: environ.get(name, ""))) for source in sources)
    return next(filter(None, values), "")
