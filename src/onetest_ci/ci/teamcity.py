"""TeamCity: most facts of a build are in files, of which one variable holds the path.

Source: "List of Predefined Build Parameters" in TeamCity's documentation. The files are Java properties
(java.util.Properties.load). They contain the build's passwords too: only the names below are kept.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from onetest_ci.ci.host import Environ, Fields, Host, of_merge_queue
from onetest_ci.ci.pull_refs import pull_request
from onetest_ci.ci.variable_references import PERCENT

_MAX_BYTES: Final = 4 * 1024 * 1024
_SYSTEM: Final = {
    "teamcity.build.id": "run_id",
    "teamcity.build.checkoutDir": "workspace",
    "teamcity.build.tempDir": "temp_dir",
    "teamcity.configuration.properties.file": "",
}
_CONFIGURATION: Final = {
    "teamcity.build.branch": "branch",
    "teamcity.pullRequest.number": "pull_request",
    "teamcity.pullRequest.source.branch": "source",
    "teamcity.build.triggeredBy.username": "actor",
    "vcsroot.url": "repository_url",
}
_TAG: Final = "refs/tags/"
_BRANCH_OF_A_ROOT: Final = "teamcity.build.vcs.branch."
# Both are compiled on first use.
_LINE: Final = r"(?s)\s*+((?:\\.|[^\\=:\s#!])(?:\\.|[^\\=:\s])*+)\s*+[=:]?\s*+(.*)"
_ESCAPE: Final = r"(?s)\\(u[0-9a-fA-F]{4}|.)"
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def adjust(_fields: Fields, environ: Environ) -> Fields:
    """Return the fields that the files contain."""
    system = _read(environ.get("TEAMCITY_BUILD_PROPERTIES_FILE", ""))
    configuration = _read(system.get("teamcity.configuration.properties.file", ""))
    changed = {field: system.get(name, "") for name, field in _SYSTEM.items() if field}
    changed |= {field: configuration.get(name, "") for name, field in _CONFIGURATION.items()}
    source = changed.pop("source")
    ref = _built_ref(configuration)
    changed["pull_request"] = changed["pull_request"] or pull_request(ref)
    if changed["pull_request"]:
        # The build's branch is the pull request itself.
        changed["branch"] = source
    elif ref.startswith(_TAG):
        changed |= {"branch": "", "tag": ref.removeprefix(_TAG)}
    if changed["branch"] == "<default>":
        changed["branch"] = ""
    found = {field: value for field, value in changed.items() if value}
    return found | of_merge_queue(found)


def _built_ref(configuration: Mapping[str, str]) -> str:
    """Return the ref that was built; empty if the build has several.

    The build's branch is only the part of the ref that the branch specification names, such as "7/merge".
    """
    refs = {value for name, value in configuration.items() if name.startswith(_BRANCH_OF_A_ROOT)}
    ref = refs.pop() if len(refs) == 1 else ""
    return ref if ref.startswith("refs/") else ""


def _read(path: str) -> dict[str, str]:
    """Return the properties of a file; none if it cannot be read."""
    try:
        file = Path(path)
        if not path or not file.is_file() or file.stat().st_size > _MAX_BYTES:
            return {}
        # Java's encoding of these files; other characters are escaped.
        text = file.read_text(encoding="latin-1")
    except (OSError, ValueError):
        return {}
    found = (re.match(_LINE, line) for line in _logical_lines(text.replace("\r\n", "\n")))
    return {_unescaped(line[1]): _unescaped(line[2]) for line in found if line}


def _logical_lines(text: str) -> Iterator[str]:
    """Yield each line with its continuations: a line continues after a backslash that is not escaped."""
    begun: list[str] = []
    for line in text.split("\n"):
        rest = line.lstrip(" \t\f") if begun else line
        continues = (len(rest) - len(rest.rstrip("\\"))) % 2 == 1
        begun.append(rest[:-1] if continues else rest)
        if not continues:
            yield "".join(begun)
            begun = []
    if begun:
        yield "".join(begun) + "\\"


def _unescaped(text: str) -> str:
    def plain(escape: re.Match[str]) -> str:
        code = escape[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _CONTROLS.get(code, code)

    return re.sub(_ESCAPE, plain, text)


HOST: Final = Host(
    key="teamcity",
    name="TeamCity",
    documentation=("https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html",),
    marks=(frozenset({"TEAMCITY_VERSION"}),),
    fields={
        "workflow": ("TEAMCITY_BUILDCONF_NAME",),
        "build_number": ("BUILD_NUMBER",),
        "commit": ("BUILD_VCS_NUMBER",),
        "run_url": ("BUILD_URL",),
    },
    references=PERCENT,
    adjust=adjust,
)
