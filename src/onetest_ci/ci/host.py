"""What makes up a CI host, as far as a table can hold it."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from onetest_ci.ci import safe_values
from onetest_ci.ci.path_map import PathMap
from onetest_ci.ci.pull_refs import merge_queue, pull_request
from onetest_ci.ci.variable_references import SHELL

Environ = Mapping[str, str]
Fields = dict[str, str]
"""Fields of ``CIContext`` by name. One is not of it: ``stand_in``, see ``Host.adjust``."""

FROM_A_FORK: Final = "pull request from a fork"


def _no_change(_fields: Fields, _environ: Environ) -> Fields:
    return {}


def _no_paths(_environ: Environ) -> PathMap:
    return ()


class Host(NamedTuple):
    """One CI host.

    Attributes:
        key: short name, as attributes and outputs contain it.
        name: the name for people.
        documentation: pages that describe its variables.
        marks: sets of variables. The process runs on this host if all variables of one set are set:
            ``NAME`` to anything but a switch that is off, ``NAME=value`` to that value.
        fields: sources of each field of ``CIContext``, best first. A source is a variable, or a template with
            ``{VARIABLE}``, which counts only if all its variables are set.
        url_variables: variables that hold a URL, besides those in ``fields``; regular expressions. Passwords
            in these URLs are secrets.
        references: regular expression of what the host leaves in a value for a variable that it does not
            have; empty if it always replaces references.
        adjust: returns the fields that change, for facts that a table cannot hold. An empty value removes a
            field. ``stand_in`` is the commit that the host names although another one was tested.
        path_map: returns the directories that this process finds elsewhere than the steps before it.
    """

    key: str
    name: str
    documentation: tuple[str, ...]
    marks: tuple[frozenset[str], ...]
    fields: Mapping[str, tuple[str, ...]]
    url_variables: tuple[str, ...] = ()
    references: str = SHELL
    adjust: Callable[[Fields, Environ], Fields] = _no_change
    path_map: Callable[[Environ], PathMap] = _no_paths

    def is_here(self, environ: Environ) -> bool:
        """Return whether the environment is that of a job of this host."""
        return any(all(_is_marked(mark, environ) for mark in marks) for marks in self.marks)

    def is_unreplaced(self, text: str) -> bool:
        """Return whether a value is nothing but a reference that the host did not replace."""
        return bool(self.references and re.fullmatch(self.references, text.strip()))

    def all_url_variables(self) -> tuple[str, ...]:
        """Return the variables that hold a URL, as regular expressions."""
        in_fields = (
            source
            for field, sources in self.fields.items()
            if field.endswith("_url")
            for source in sources
            if not _VARIABLE.search(source)
        )
        return tuple(dict.fromkeys((*in_fields, *self.url_variables)))

    def read_fields(self, environ: Environ) -> Fields:
        """Return the fields that the environment contains, cleaned, without empty ones."""
        found = {
            field: value
            for field, sources in self.fields.items()
            if (value := _first(field, sources, environ))
        }
        found |= of_merge_queue(found)
        adjusted = {field: cleaned(field, value) for field, value in self.adjust(found, environ).items()}
        fields = {field: value for field, value in (found | adjusted).items() if value}
        if "pull_request" not in fields or fields.get("merge_commit") == fields.get("commit"):
            # The commit that was built is the pull request's own: there is no trial merge.
            fields.pop("merge_commit", None)
        return fields


def of_merge_queue(fields: Fields) -> Fields:
    """Return the base branch and the pull request if the branch is a merge queue's.

    If the fields contain a pull request already, the branch is its source, and its author chose the name.
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
    """Return a field's value without what it must not contain; empty if nothing usable is left."""
    return _CLEANERS.get(field, safe_values.text)(value)


def part_of(job: str, index: str, total: str) -> str:
    """Return a parallel job's name with the number of its part, counted from 1: ``unit 2/4``."""
    return f"{job} {index}/{total}" if job and index.isdigit() and total.isdigit() and int(total) > 1 else job


def _is_marked(mark: str, environ: Environ) -> bool:
    name, equals, value = mark.partition("=")
    return environ.get(name, "") == value if equals else bool(safe_values.switch(environ.get(name, "")))


def source_value(source: str, look_up: Callable[[str], str]) -> str:
    """Return the value of a source: of its variable, or of its template if no part of that is empty."""
    names = _VARIABLE.findall(source)
    if not names:
        return look_up(source)
    values = {name: look_up(name) for name in names}
    return _VARIABLE.sub(lambda found: values[found[1]], source) if all(values.values()) else ""


def _first(field: str, sources: tuple[str, ...], environ: Environ) -> str:
    values = (cleaned(field, source_value(source, lambda name: environ.get(name, ""))) for source in sources)
    return next(filter(None, values), "")
