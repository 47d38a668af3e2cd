"""Check that the paths in ``.onetest.yml`` stay below the workspace, and out of version control."""

from pathlib import Path
from typing import Any

from onetest_ci.ci.context import CIContext
from onetest_ci.errors import UsageProblem
from onetest_ci.redaction import mask_likely_secrets
from onetest_ci.reports.excluded_directories import VERSION_CONTROL
from onetest_ci.reports.globs import globbed, is_glob
from onetest_ci.settings import Settings, options
from onetest_ci.settings.option import Option, variable_name
from onetest_ci.settings.values import path as a_path


def config_root_of(cwd: Path, context: CIContext) -> Path:
    """Return the resolved directory that the file and its paths stay below: the workspace.

    If the current directory, which holds the file, lies outside of the workspace, it is that directory.
    """
    here, workspace = cwd.resolve(), context.workspace_or(cwd).resolve()
    return workspace if here.is_relative_to(workspace) else here


def check_config_paths(settings: Settings, cwd: Path) -> None:
    """Check the file's paths, following the links of this moment. The tests may have added some.

    Raises:
        UsageProblem: ``config-refused``: a path leads out, or into version control.
    """
    root = settings.config_root
    if root is None:
        return
    wanted = options()
    for name in sorted(settings.from_config):
        option = wanted[name]
        if option.is_path:
            value = getattr(settings, name.replace("-", "_"))
            for one in value if option.multiple else (value,):
                _check(name, option, one, cwd, root)


def _check(name: str, option: Option, value: Any, cwd: Path, root: Path) -> None:
    """Check one path, or the directories that one pattern searches."""
    text = str(value)
    # An exclusion cannot widen what is read.
    if option.multiple and text.startswith("!"):
        return
    is_pattern = option.parse is not a_path and is_glob(text) and not (cwd / text).exists()
    # Braces make several patterns, each with a directory of its own.
    places = [Path(searched) for searched, _ in globbed(cwd, text)] if is_pattern else [cwd / text]
    reals = [_real(place) for place in places]
    inside = all(real.is_relative_to(root) for real in reals)
    if inside and not any(_is_version_control(real.relative_to(root)) for real in reals):
        return
    what = "it lies in version control" if inside else f"it leads out of the workspace, {root}"
    instead = "the command's arguments" if option.positional else variable_name(name)
    raise UsageProblem(
        "config-refused",
        f".onetest.yml may not set {name} to {mask_likely_secrets(text)}: {what}. The file comes with the "
        "code under test.",
        f"Remove it from the file, and name it by {instead} in the CI configuration.",
    )


def _real(place: Path) -> Path:
    """Return a path without links; the root of the file system if its links form a circle."""
    try:
        return place.resolve()
    except (OSError, RuntimeError):
        return Path(place.anchor)


def _is_version_control(path: Path) -> bool:
    return not VERSION_CONTROL.isdisjoint(part.lower() for part in path.parts)
