"""Find all test runners of a project."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.init import javascript, others, python
from onetest_ci.init.project import Folder, Project
from onetest_ci.init.runner import Found

MAX_RUNNERS: Final = 12
"""Maximum jobs in one file. A project with more is better described by a person."""


def find_runners(project: Project) -> list[Found]:
    """Return the runners of a project. A runner that a directory above runs as well is left out."""
    found: list[Found] = []
    whole: list[tuple[str, str]] = []
    for folder in project.folders:
        for one in _find(project, folder):
            if any(one.runner == runner and _is_below(one.folder, above) for runner, above in whole):
                continue
            found.append(_with_versions(folder, one))
            if others.runs_those_below(folder, one.runner):
                whole.append((one.runner, one.folder))
    return found


def left_out(project: Project) -> list[str]:
    """Return a sentence for each runner or script of the project's own that no job of the file runs."""
    return [text for folder in project.folders for text in _left_out(folder)]


def _left_out(folder: Folder) -> Iterator[str]:
    unsupported = javascript.unsupported(folder)
    for name in unsupported:
        where = folder.path or "the root"
        yield f"{name} in {where}: no job is written; its configuration must name a reporter."
    why = javascript.script_left_out(folder)
    if why and not unsupported:
        yield f"The script test of {f'{folder.path}/package.json'.lstrip('/')}: {why}."


def _find(project: Project, folder: Folder) -> Iterator[Found]:
    above = [one for one in project.folders if one is not folder and _is_below(folder.path, one.path)]
    yield from python.find(folder, above[::-1])
    yield from javascript.find(folder)
    yield from others.find(folder)


def _with_versions(folder: Folder, found: Found) -> Found:
    """Return a runner with the file that chooses the version of its language, if the directory has one."""
    if found.folder != folder.path:
        return found
    files = [row for row in found.set_up.version_files if folder.has(row[0])]
    return found._replace(versions=tuple(files[:1]))


def _is_below(path: str, above: str) -> bool:
    return above in ("", path) or path.startswith(f"{above}/")
