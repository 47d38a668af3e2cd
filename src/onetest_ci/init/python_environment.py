"""Find how a project for Python installs what its tests need."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

from onetest_ci.init.project import Folder
from onetest_ci.init.toml import read_toml, table

_REQUIREMENTS: Final = r"requirements(?:[-_](?:dev|tests?|testing))?\.txt"
_NAME: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_REQUIREMENT: Final = rf"\s*({_NAME})"
_USUAL: Final = ("test", "tests", "testing", "dev")
"""Groups of test dependencies, in the order in which they are looked for."""
_MOST_INCLUDES: Final = 50


class Environment(NamedTuple):
    """How the tests of a project run.

    Attributes:
        prefix: runs a module of Python among the project's packages.
        install: commands that install these.
    """

    prefix: str
    install: tuple[str, ...]


class _Group(NamedTuple):
    """Dependencies of a project that are installed together.

    Attributes:
        kind: ``extra`` or ``group``; empty for those of the project itself.
        name: of the extra or group.
        packages: normalized names of the packages.
        default: whether the tool installs it without an option.
    """

    kind: str
    name: str
    packages: frozenset[str]
    default: bool = False

    def holds(self, package: str) -> bool:
        """Return whether a package is among the dependencies."""
        return package in self.packages

    def holds_plugin(self, package: str) -> bool:
        """Return whether a plugin of a package is among the dependencies, which needs the package."""
        return any(name.startswith(f"{package}-") for name in self.packages)


def environment(
    folder: Folder, above: Iterable[Folder], project: dict[str, Any], package: str
) -> Environment:
    """Return how to run the tests of a project that need a package.

    Args:
        folder: of the project.
        above: the directories above it, the nearest first.
        project: its ``pyproject.toml``.
        package: of the runner, which has to be installed. It is installed alone if no dependency names it.
    """
    if folder.has("uv.lock") or ("project" in project and any(_is_member(folder, one) for one in above)):
        return _uv(_chosen(_uv_groups(project), package), package)
    if folder.has("poetry.lock") or ("poetry" in table(project, "tool") and "project" not in project):
        return _poetry(_chosen(_poetry_groups(project), package), package)
    if folder.has("Pipfile.lock", "Pipfile"):
        locked = " --deploy" if folder.has("Pipfile.lock") else ""
        pipfile = read_toml(folder, "Pipfile")
        named = {_normal(name) for key in ("packages", "dev-packages") for name in table(pipfile, key)}
        more = () if package in named else (f"pipenv run pip install {package}",)
        install = ("python -m pip install pipenv", f"pipenv install --dev{locked}", *more)
        return Environment("pipenv run python -m ", install)
    return _pip(folder, project, package)


def _is_member(folder: Folder, above: Folder) -> bool:
    """Return whether a project belongs to a workspace of uv, whose lock file lies in a directory above."""
    if not above.has("uv.lock"):
        return False
    path = folder.path.removeprefix(above.path).lstrip("/")
    members = table(read_toml(above, "pyproject.toml"), "tool", "uv", "workspace").get("members")
    return any(fnmatchcase(path, pattern.removeprefix("./")) for pattern in _texts(members))


def _uv(chosen: _Group | None, package: str) -> Environment:
    """Return the commands of uv. ``uv run`` would install again, and then without the option."""
    option = f" --{chosen.kind} {chosen.name}" if chosen and chosen.kind and not chosen.default else ""
    more = () if chosen else (f"uv pip install {package}",)
    install = ("python -m pip install uv", f"uv sync --locked{option}", *more)
    return Environment("uv run --no-sync python -m ", install)


def _uv_groups(project: dict[str, Any]) -> Iterator[_Group]:
    uv = table(project, "tool", "uv")
    default = uv.get("default-groups", ["dev"])
    yield from _project_groups(project, lambda name: default == "all" or name in _texts(default))
    # The old form of the group "dev".
    is_default = default == "all" or "dev" in _texts(default)
    yield _Group("group", "dev", _packages(uv.get("dev-dependencies")), is_default)


def _poetry(chosen: _Group | None, package: str) -> Environment:
    """Return the commands of Poetry, which refuses a lock file that is older than the dependencies."""
    options = {"group": "--with", "extra": "--extras"}
    option = f" {options[chosen.kind]} {chosen.name}" if chosen and chosen.kind and not chosen.default else ""
    more = () if chosen else (f"poetry run python -m pip install {package}",)
    install = ("python -m pip install poetry", f"poetry install{option}", *more)
    return Environment("poetry run python -m ", install)


def _poetry_groups(project: dict[str, Any]) -> Iterator[_Group]:
    poetry = table(project, "tool", "poetry")
    groups = table(poetry, "group")
    optional = {name for name in groups if table(groups, name).get("optional") is True}
    extras = table(poetry, "extras")
    in_extras = {_normal(name) for names in extras.values() for name in _texts(names)}
    yield _Group("", "", frozenset(map(_normal, table(poetry, "dependencies"))) - in_extras)
    yield from _project_groups(project, lambda name: name not in optional)
    for name in groups:
        packages = frozenset(map(_normal, table(groups, name, "dependencies")))
        yield _Group("group", name, packages, name not in optional)
    yield _Group("group", "dev", frozenset(map(_normal, table(poetry, "dev-dependencies"))), default=True)
    for name, names in extras.items():
        yield _Group("extra", name, _packages(names))


def _pip(folder: Folder, project: dict[str, Any], package: str) -> Environment:
    files = [name for name in folder.matching("requirements*.txt") if re.fullmatch(_REQUIREMENTS, name)]
    commands = [f"python -m pip install --requirement {name}" for name in files]
    groups = list(_project_groups(project, lambda _: False))
    chosen = _chosen(groups, package)
    if "project" in project or folder.has("setup.py"):
        extra = _test_group(groups, "extra", chosen)
        commands.append(f"python -m pip install '.[{extra}]'" if extra else "python -m pip install .")
    elif chosen and chosen.kind != "group":
        chosen = None
    if group := _test_group(groups, "group", chosen):
        commands.append(f"python -m pip install --group {group}")
    listed = any(_packages(folder.text(name).splitlines()) & {package} for name in files)
    if not (chosen or listed):
        commands.append(f"python -m pip install {package}")
    return Environment("python -m ", tuple(commands))


def _test_group(groups: Iterable[_Group], kind: str, chosen: _Group | None) -> str:
    """Return the group of a kind to install: that with the runner, else one of a usual name; may be empty."""
    if chosen and chosen.kind == kind:
        return chosen.name
    names = {group.name for group in groups if group.kind == kind}
    return next((name for name in _USUAL if name in names), "")


def _project_groups(project: dict[str, Any], is_default: Callable[[str], bool]) -> Iterator[_Group]:
    """Yield the dependencies that ``pyproject.toml`` holds in tables that are the same for all tools."""
    yield _Group("", "", _packages(table(project, "project").get("dependencies")))
    groups = table(project, "dependency-groups")
    for name in groups:
        yield _Group("group", name, _packages(_included(groups, name)), is_default(name))
    for name, packages in table(project, "project", "optional-dependencies").items():
        yield _Group("extra", name, _packages(packages))


def _included(groups: dict[str, Any], name: str) -> list[str]:
    """Return the dependencies of a group and of those that it includes."""
    found: list[str] = []
    waiting, seen = [name], set[str]()
    by_name = {_normal(key): value for key, value in groups.items()}
    while waiting and len(seen) < _MOST_INCLUDES:
        key = _normal(waiting.pop())
        if key in seen:
            continue
        seen.add(key)
        items = by_name.get(key)
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and isinstance(inner := item.get("include-group"), str):
                waiting.append(inner)
            elif isinstance(item, str):
                found.append(item)
    return found


def _chosen(groups: Iterable[_Group], package: str) -> _Group | None:
    """Return the group to install for a package; None if no group contains it or a plugin of it.

    Groups that are installed without an option come first, then those of a usual name.
    """
    usable = [one for one in groups if not one.kind or re.fullmatch(_NAME, one.name)]
    ordered = sorted(usable, key=lambda one: (bool(one.kind) and not one.default, *_usual(one.name)))
    return next(
        (one for one in ordered if one.holds(package)),
        next((one for one in ordered if one.holds_plugin(package)), None),
    )


def _usual(name: str) -> tuple[int, str]:
    normal = _normal(name)
    return (_USUAL.index(normal) if normal in _USUAL else len(_USUAL), normal)


def _packages(requirements: object) -> frozenset[str]:
    """Return the normalized names of the packages that requirements name."""
    found = (re.match(_REQUIREMENT, text) for text in _texts(requirements))
    return frozenset(_normal(one[1]) for one in found if one)


def _texts(values: object) -> Sequence[str]:
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []


def _normal(name: str) -> str:
    """Return a name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
