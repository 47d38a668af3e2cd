"""Find pytest and the runners that come with Python."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from onetest_ci.init.project import Folder
from onetest_ci.init.runner import REPORTS, Found

_SECTIONS: Final = (
    ("pytest.ini", ""),
    (".pytest.ini", ""),
    ("pytest.toml", ""),
    ("pyproject.toml", r"(?m)^[ \t]*\[tool\.pytest\b"),
    ("setup.cfg", r"(?m)^[ \t]*\[tool:pytest\]"),
    ("tox.ini", r"(?m)^[ \t]*\[pytest\]"),
)
_DEPENDENCIES: Final = ("requirements*.txt", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg")
# pytest runs tests of unittest too.
_TESTS: Final = ("conftest.py", "test_*.py", "*_test.py")
_ROOTS: Final = (
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "requirements*.txt",
    "uv.lock",
    "poetry.lock",
    "Pipfile",
)
# Test dependencies of a project, in the order in which they are looked for.
_GROUPS: Final = ("test", "tests", "testing", "dev")


def find(folder: Folder, above: Sequence[Folder]) -> Iterator[Found]:
    """Yield the runners for Python that a directory uses.

    Args:
        folder: the directory.
        above: the directories above it, the nearest first. Files of tests belong to the project around them.
    """
    marker = _pytest_marker(folder)
    if marker:
        yield _pytest(folder, marker)
    else:
        tests = next((name for pattern in _TESTS for name in folder.matching(pattern)), "")
        if tests:
            around = next((one for one in (folder, *above) if _is_root(one)), folder)
            yield _pytest(around, tests if around is folder else f"{folder.path}/{tests}")
    prefix, install = _environment(folder)
    if _has_package(folder, "behave"):
        yield Found(
            runner="behave",
            folder=folder.path,
            marker=_file_with(folder, "behave"),
            language="python",
            install=install,
            command=f"{prefix}behave --junit --junit-directory {REPORTS}",
            reports=(f"{REPORTS}/TESTS-*.xml",),
        )
    robots = folder.matching("*.robot")
    if robots:
        yield Found(
            runner="robot",
            folder=folder.path,
            marker=robots[0],
            language="python",
            install=_with(install, prefix, _has_package(folder, "robotframework"), "robotframework"),
            command=f"{prefix}robot --outputdir {REPORTS} .",
            reports=(f"{REPORTS}/output.xml",),
        )


def _pytest(folder: Folder, marker: str) -> Found:
    prefix, install = _environment(folder)
    return Found(
        runner="pytest",
        folder=folder.path,
        marker=marker,
        language="python",
        install=_with(install, prefix, _has_package(folder, "pytest"), "pytest"),
        # xunit1 is pytest's only form that holds the file and the line of each test.
        command=f"{prefix}pytest --junit-xml={REPORTS}/pytest.xml -o junit_family=xunit1",
        reports=(f"{REPORTS}/pytest.xml",),
    )


def _is_root(folder: Folder) -> bool:
    return any(folder.matching(pattern) for pattern in _ROOTS)


def _pytest_marker(folder: Folder) -> str:
    for name, pattern in _SECTIONS:
        if name in folder.names and (not pattern or re.search(pattern, folder.text(name))):
            return name
    return _file_with(folder, "pytest")


def _files(folder: Folder) -> list[str]:
    return [name for pattern in _DEPENDENCIES for name in folder.matching(pattern)]


def _has_package(folder: Folder, package: str) -> bool:
    return bool(_file_with(folder, package))


def _file_with(folder: Folder, package: str) -> str:
    """Return the file of dependencies that names a package; empty if there is none."""
    return next((name for name in _files(folder) if _names(folder.text(name), package)), "")


def _names(text: str, package: str) -> bool:
    """Return whether a file of dependencies names a package, at the start of a line or in quotes."""
    return any(
        re.search(rf"(?im){before}{re.escape(package)}(?![\w.-])", text) for before in (r"^[ \t]*", "[\"']")
    )


def _environment(folder: Folder) -> tuple[str, tuple[str, ...]]:
    """Return what runs a program among the project's packages, and what installs these."""
    if folder.has("uv.lock"):
        return "uv run ", ("python -m pip install uv", "uv sync")
    if folder.has("poetry.lock"):
        return "poetry run ", ("python -m pip install poetry", "poetry install")
    if folder.has("Pipfile.lock", "Pipfile"):
        return "pipenv run ", ("python -m pip install pipenv", "pipenv install --dev")
    commands = [
        f"python -m pip install --requirement {name}"
        for name in folder.matching("requirements*.txt")
        if re.fullmatch(r"requirements(?:[-_](?:dev|tests?|testing))?\.txt", name)
    ]
    text = folder.text("pyproject.toml")
    if re.search(r"(?m)^[ \t]*\[(?:project|tool\.poetry)\]", text) or folder.has("setup.py"):
        extra = _table_key(text, "project.optional-dependencies")
        commands.append(f"python -m pip install '.[{extra}]'" if extra else "python -m pip install .")
    group = _table_key(text, "dependency-groups")
    if group:
        commands.append(f"python -m pip install --group {group}")
    return "python -m ", tuple(commands)


def _table_key(text: str, table: str) -> str:
    """Return the first key of test dependencies in a table of TOML; empty if there is none."""
    keys = set()
    inside = False
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            inside = line.partition("#")[0].strip() == f"[{table}]"
        elif inside:
            keys.add(line.partition("=")[0].strip(" \t\"'"))
    return next((group for group in _GROUPS if group in keys), "")


def _with(install: tuple[str, ...], prefix: str, present: bool, package: str) -> tuple[str, ...]:
    if present or prefix != "python -m ":
        return install
    return (*install, f"python -m pip install {package}")
