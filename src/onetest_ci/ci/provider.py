"""What a CI host is made of, as far as a table can say it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from onetest_ci.ci import clean
from onetest_ci.ci.host_paths import PathMap

Environ = Mapping[str, str]
Fields = dict[str, str]

FROM_A_FORK: Final = "pull request from a fork"


def _nothing(_told: Fields, _environ: Environ) -> Fields:
    return {}


def _same(_environ: Environ) -> PathMap:
    return ()


@dataclass(frozen=True, slots=True)
class Provider:
    """One CI host.

    Attributes:
        key: short name, as attributes and outputs carry it.
        name: the name for people.
        marks: sets of variables; the host is this one when all of any set are set, ``NAME=value`` to
            that value.
        fields: field of ``CIContext`` to where its value is found, best first. A source is a variable, or a
            template with ``{VARIABLE}``, which counts only when all its variables are set.
        adjust: what a table cannot say: gets the fields and the environment, returns those that change.
        host_paths: directories that lie elsewhere for this process than for the steps before it.
    """

    key: str
    name: str
    marks: tuple[frozenset[str], ...]
    fields: Mapping[str, tuple[str, ...]]
    adjust: Callable[[Fields, Environ], Fields] = _nothing
    host_paths: Callable[[Environ], PathMap] = _same

    def is_here(self, environ: Environ) -> bool:
        """Whether the environment is that of a job of this host."""
        return any(all(_marked(mark, environ) for mark in marks) for marks in self.marks)

    def tell(self, environ: Environ) -> Fields:
        """The fields that the environment gives, cleaned, without empty ones."""
        told = {
            field: value
            for field, sources in self.fields.items()
            if (value := _first(field, sources, environ))
        }
        adjusted = {field: cleaned(field, value) for field, value in self.adjust(told, environ).items()}
        return {field: value for field, value in (told | adjusted).items() if value}


_CLEANERS: Final[Mapping[str, Callable[[str], str]]] = {
    "branch": clean.branch,
    "commit": clean.commit_id,
    "debug": clean.switch,
    "job_url": clean.web_url,
    "pull_request": clean.number,
    "repository_url": clean.repository_url,
    "run_url": clean.web_url,
    "temp_dir": str,  # a shortened path would be another path
    "workspace": str,
}
_VARIABLE: Final = re.compile(r"\{(\w+)\}")


def cleaned(field: str, value: str) -> str:
    """A field's value without what it must not hold; empty when nothing usable is left."""
    return _CLEANERS.get(field, clean.text)(value)


def part_of(job: str, index: str, total: str) -> str:
    """A job's name with its part of a parallel job, counted from 1: ``unit 2/4``."""
    return f"{job} {index}/{total}" if job and index.isdigit() and total.isdigit() and int(total) > 1 else job


def _marked(mark: str, environ: Environ) -> bool:
    name, equals, value = mark.partition("=")
    return environ.get(name, "") == value if equals else bool(clean.switch(environ.get(name, "")))


def _first(field: str, sources: tuple[str, ...], environ: Environ) -> str:
    values = (cleaned(field, _value(source, environ)) for source in sources)
    return next(filter(None, values), "")


def _value(source: str, environ: Environ) -> str:
    names = _VARIABLE.findall(source)
    if not names:
        return environ.get(source, "")
    if not all(environ.get(name) for name in names):
        return ""
    return _VARIABLE.sub(lambda found: environ[found[1]], source)
