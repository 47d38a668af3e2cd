"""Find what the project's own CI files do already: report to OneTest, or run tests."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.init import github, gitlab, jenkins
from onetest_ci.init.project import folder_of, read_text

_REPORTS: Final = re.compile(r"onetest/report-action|onetest-ci\b|\bonetestReport\b")
_RUNS_TESTS: Final = re.compile(
    r"""(?x)
    \b(?: py\.?test | tox | nox | jest | vitest | mocha | rspec | phpunit | pest | ctest | gotestsum | behave
        | robot | bats | cucumber-js | playwright\ test | cypress\ run
        | (?:npm|yarn|pnpm|bun)\ (?:run\ )?test | npm\ t | node\ --test
        | go\ test | cargo\ (?:nextest|test) | dotnet\ test | deno\ (?:task\ )?test | mix\ test
        | (?:dart|flutter)\ test | make\ (?:test|check)
    )(?![\w-])
    """
)
_BUILDS: Final = (
    (re.compile(r"\bmvnw?\b"), re.compile(r"\b(?:test|verify|install|package|deploy)(?![\w-])")),
    (re.compile(r"\bgradlew?\b"), re.compile(r"\b(?:test|check|build)(?![\w-])")),
)
"""Build tools, and what they run tests for."""
_INSTALLER: Final = re.compile(r"\b(?:pip|poetry|npm|yarn|pnpm|gem|apt-get|composer)\b")
_INSTALLS: Final = re.compile(r"\b(?:install|add|require)\b")
_LONGEST_LINE: Final = 500
_NEXT_KEY: Final = r"\n(?=[^\s#-])"
_COMMENT: Final = {"jenkins": "//"}


class Line(NamedTuple):
    """A line of a CI file that runs tests, or reports them.

    Attributes:
        path: of the file.
        number: of the line.
        text: of the line, which may contain anything.
    """

    path: str
    number: int
    text: str


class Existing(NamedTuple):
    """The CI files of a host, but for those that ``init`` itself makes beside others.

    Attributes:
        files: their paths.
        reporting: the first line that reports to OneTest; None if there is none.
        testing: the first line that runs tests; None if there is none.
    """

    files: tuple[str, ...]
    reporting: Line | None
    testing: Line | None


def read_existing(root: Path, host: str) -> Existing:
    """Return what the CI files of a host do. Files of links are not read."""
    files = tuple(_paths(root, host))
    lines = [line for path in files for line in _lines(root, path, _COMMENT.get(host, "#"))]
    return Existing(
        files=files,
        reporting=next((line for line in lines if _REPORTS.search(line.text)), None),
        testing=next((line for line in lines if _runs_tests(line.text)), None),
    )


def _runs_tests(text: str) -> bool:
    commands = re.split(r"&&|\|\||[;|]", text)
    return any(
        (_RUNS_TESTS.search(one) or any(_follows(one, tool, goal) for tool, goal in _BUILDS))
        and not _follows(one, _INSTALLER, _INSTALLS)
        for one in commands
    )


def _follows(text: str, first: re.Pattern[str], then: re.Pattern[str]) -> bool:
    """Return whether one pattern is in a text, and another one after it."""
    found = first.search(text)
    return found is not None and then.search(text, found.end()) is not None


def _paths(root: Path, host: str) -> Iterator[str]:
    if host == "github":
        folder = str(Path(github.PATH).parent)
        found = folder_of(root, folder)
        for pattern in ("*.yml", "*.yaml"):
            paths = (f"{folder}/{name}" for name in found.matching(pattern))
            yield from (path for path in paths if path != github.PATH)
        return
    path = gitlab.PATH if host == "gitlab" else jenkins.PATH
    if read_text(root, path) is not None:
        yield path


def _lines(root: Path, path: str, comment: str) -> Iterator[Line]:
    for number, text in enumerate((read_text(root, path) or "").splitlines(), 1):
        before = text.strip().removeprefix("- ").strip()
        if before and not before.startswith((comment, "name:", "label", "echo ")):
            yield Line(path, number, before[:_LONGEST_LINE])


def stage_of_tests(root: Path) -> str:
    """Return the stage for tests of a GitLab pipeline with stages of its own; empty for the default.

    The default stages have ``test``. ``.pre`` exists in every pipeline.
    """
    text = read_text(root, gitlab.PATH) or ""
    own = re.search(r"(?m)^stages:", text)
    if own is None:
        return ""
    return "" if "test" in _stages(text[own.end() :]) else ".pre"


def _stages(text: str) -> Iterator[str]:
    """Yield the names in a list of YAML, in brackets or one a line."""
    if text.lstrip().startswith("["):
        yield from re.findall(r"[\w.-]+", text.partition("]")[0])
        return
    for line in text.splitlines()[1:]:
        item = line.strip()
        if item and not item.startswith(("-", "#")):
            return
        yield from re.findall(r"[\w.-]+", item.removeprefix("-").partition("#")[0])


def include_block(root: Path, path: str) -> tuple[tuple[str, ...], bool]:
    """Return the lines by which a GitLab pipeline includes a file too, and whether it has the key already.

    A second key ``include`` would take the place of the first one.
    """
    text = f"\n{read_text(root, gitlab.PATH) or ''}".replace("\r\n", "\n")
    _, key, after = text.partition("\ninclude:")
    return _including(re.split(_NEXT_KEY, after, maxsplit=1)[0], path), bool(key)


def _including(own: str, path: str) -> tuple[str, ...]:
    """Return the lines of the key ``include`` with a further file, from the text behind the key."""
    head, *rest = own.rstrip().split("\n")
    items = [line for line in rest if line.strip() and not line.lstrip().startswith("#")]
    added = f"- local: {path}"
    if items and items[0].lstrip().startswith("-"):
        indent = items[0][: len(items[0]) - len(items[0].lstrip())]
        return (f"include:{head}", *rest, f"{indent}{added}")
    if items:
        # One file, as a mapping.
        width = len(items[0]) - len(items[0].lstrip())
        first, *others = (line[width:] for line in items)
        return ("include:", f"  - {first}", *(f"    {line}" for line in others), f"  {added}")
    named = head.partition(" #")[0].strip()
    if named.startswith("[") and named.endswith("]"):
        kept = f"{named[1:-1].strip().rstrip(',')}, " if named[1:-1].strip() else ""
        return (f"include: [{kept}{{local: {path}}}]",)
    return ("include:", *((f"  - {named}",) if named else ()), f"  {added}")


def has_job(root: Path, name: str) -> bool:
    """Return whether a GitLab pipeline has a job of a name. GitLab merges it with an included one."""
    for line in (read_text(root, gitlab.PATH) or "").splitlines():
        key, colon, _ = line.partition(":")
        if colon and key.strip("\"' \t") == name and not line[0].isspace():
            return True
    return False
