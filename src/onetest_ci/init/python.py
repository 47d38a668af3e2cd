"""Find pytest and the runners that come with Python."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from onetest_ci.init.project import Folder
from onetest_ci.init.python_environment import environment
from onetest_ci.init.python_version import python_version
from onetest_ci.init.runner import REPORTS, Found
from onetest_ci.init.toml import read_toml

_SECTIONS: Final = (
    ("pytest.ini", ""),
    (".pytest.ini", ""),
    ("pytest.toml", ""),
    ("pyproject.toml", r"(?m)^[ \t]*\[tool\.pytest\b"),
    ("setup.cfg", r"(?m)^[ \t]*\[tool:pytest\]"),
    ("tox.ini", r"(?m)^[ \t]*\[pytest\]"),
)
_DEPENDENCIES: Final = ("requirements*.txt", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg")
_PACKAGES: Final = {"robot": "robotframework"}
"""Packages that are not named as their module is."""
_LOG: Final = "pytest-reportlog"
# pytest runs tests of unittest too.
_TESTS: Final = ("conftest.py", "test_*.py", "*_test.py")
_FOLDERS: Final = frozenset(("test", "tests"))
_ROOTS: Final = (
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "requirements*.txt",
    "uv.lock",
    "poetry.lock",
    "Pipfile",
)


def find(folder: Folder, above: Sequence[Folder]) -> Iterator[Found]:
    """Yield the runners for Python that a directory uses.

    Args:
        folder: the directory.
        above: the directories above it, the nearest first. Files of tests belong to the project around them.
    """
    marker = _pytest_marker(folder)
    if marker:
        yield _pytest(folder, above, marker)
    else:
        tests = next((name for pattern in _TESTS for name in folder.matching(pattern)), "")
        if tests:
            around = _project_around(folder, above)
            beyond = above[above.index(around) + 1 :] if around in above else above
            yield _pytest(around, beyond, tests if around is folder else f"{folder.path}/{tests}")
    if marker := _file_with(folder, "behave"):
        options = f"--junit --junit-directory {REPORTS}"
        yield _found(folder, above, "behave", marker, options=options, report=f"{REPORTS}/TESTS-*.xml")
    robots = folder.matching("*.robot")
    if robots:
        options = f"--outputdir {REPORTS} ."
        yield _found(folder, above, "robot", robots[0], options=options, report=f"{REPORTS}/output.xml")


def _pytest(folder: Folder, above: Sequence[Folder], marker: str) -> Found:
    if _installs_log(folder, above):
        report = f"{REPORTS}/pytest.jsonl"
        return _found(folder, above, "pytest", marker, options=f"--report-log={report}", report=report)
    # xunit1 is pytest's only form that holds the file and the line of each test.
    options = f"--junit-xml={REPORTS}/pytest.xml -o junit_family=xunit1 -o junit_logging=all"
    return _found(folder, above, "pytest", marker, options=options, report=f"{REPORTS}/pytest.xml")


def _installs_log(folder: Folder, above: Sequence[Folder]) -> bool:
    """Return whether the packages that the tests need include pytest-reportlog, whose log contains more."""
    if not _file_with(folder, _LOG):
        return False
    project = read_toml(folder, "pyproject.toml")
    return environment(folder, above, project, _LOG) == environment(folder, above, project, "pytest")


def _found(
    folder: Folder, above: Sequence[Folder], runner: str, marker: str, *, options: str, report: str
) -> Found:
    project = read_toml(folder, "pyproject.toml")
    prefix, install = environment(folder, above, project, _PACKAGES.get(runner, runner))
    return Found(
        runner=runner,
        folder=folder.path,
        marker=marker,
        language="python",
        install=install,
        command=f"{prefix}{runner} {options}",
        reports=(report,),
        version=python_version(folder, project),
    )


def _project_around(folder: Folder, above: Sequence[Folder]) -> Folder:
    """Return the directory in which to run a directory's files of tests.

    It is the nearest one with files of a project. Without them it is the one above ``tests``: its modules are
    those that the tests import.
    """
    folders = (folder, *above)
    if (root := next((one for one in folders if _is_root(one)), None)) is not None:
        return root
    pairs = zip(folders, above, strict=False)
    projects = [around for one, around in pairs if PurePosixPath(one.path).name in _FOLDERS]
    return projects[-1] if projects else folder


def _is_root(folder: Folder) -> bool:
    return any(folder.matching(pattern) for pattern in _ROOTS)


def _pytest_marker(folder: Folder) -> str:
    for name, pattern in _SECTIONS:
        if name in folder.names and (not pattern or re.search(pattern, folder.text(name))):
            return name
    return _file_with(folder, "pytest")


def _files(folder: Folder) -> list[str]:
    return [name for pattern in _DEPENDENCIES for name in folder.matching(pattern)]


def _file_with(folder: Folder, package: str) -> str:
    """Return the file of dependencies that names a package; empty if there is none."""
    return next((name for name in _files(folder) if _names(folder.text(name), package)), "")


def _names(text: str, package: str) -> bool:
    """Return whether a file of dependencies names a package, at the start of a line or in quotes."""
    return any(
        re.search(rf"(?im){before}{re.escape(package)}(?![\w.-])", text) for before in (r"^[ \t]*", "[\"']")
    )
