"""Find the runners for JavaScript that a ``package.json`` names."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from onetest_ci.init.project import Folder
from onetest_ci.init.runner import REPORTS, Found

_SCRIPT_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9:._-]*"
_NODE: Final = r"\s*node\s+--test\s*"
_CALLS_SCRIPT: Final = rf"(?:npm|yarn|pnpm|bun) (?:run )?({_SCRIPT_NAME})"
_COREPACK: Final = "npm install --global corepack && corepack enable"


class _Manager(NamedTuple):
    """A package manager: how it installs, and how it runs a script or a program."""

    install: tuple[str, ...]
    script: str
    program: str


class _Runner(NamedTuple):
    """A runner: its packages, its options, and variables that it needs.

    Attributes:
        packages: any of them shows the runner.
        word: that calls it in a script.
        call: the program and what always comes first.
        options: that write the report.
        reports: of these options.
        variables: before the command.
        prepare: commands after the installation.
    """

    packages: tuple[str, ...]
    word: str
    call: str
    options: str
    reports: tuple[str, ...]
    variables: str = ""
    prepare: tuple[str, ...] = ()


_RUNNERS: Final[Mapping[str, _Runner]] = {
    "jest": _Runner(
        packages=("jest", "react-scripts", "ts-jest", "jest-expo"),
        word="jest",
        call="jest",
        options=f"--ci --json --outputFile={REPORTS}/jest.json --testLocationInResults",
        reports=(f"{REPORTS}/jest.json",),
    ),
    "vitest": _Runner(
        packages=("vitest",),
        word="vitest run",
        call="vitest run",
        # In the form of JUnit, a test whose process is killed has passed.
        options=(
            f"--reporter=default --reporter=json --outputFile.json={REPORTS}/vitest.json "
            "--includeTaskLocation"
        ),
        reports=(f"{REPORTS}/vitest.json",),
    ),
    "mocha": _Runner(
        packages=("mocha",),
        word="mocha",
        call="mocha",
        options=f"--reporter json --reporter-option output={REPORTS}/mocha.json",
        reports=(f"{REPORTS}/mocha.json",),
    ),
    "playwright": _Runner(
        packages=("@playwright/test",),
        word="playwright test",
        call="playwright test",
        options="--reporter=list,json",
        reports=(f"{REPORTS}/playwright.json",),
        variables=f"PLAYWRIGHT_JSON_OUTPUT_NAME={REPORTS}/playwright.json ",
        prepare=("playwright install --with-deps",),
    ),
    "cypress": _Runner(
        packages=("cypress",),
        word="cypress run",
        call="cypress run",
        options=f"--reporter junit --reporter-options 'mochaFile={REPORTS}/cypress-[hash].xml'",
        reports=(f"{REPORTS}/cypress-*.xml",),
    ),
    "cucumber-js": _Runner(
        packages=("@cucumber/cucumber",),
        word="cucumber-js",
        call="cucumber-js",
        options=f"--format progress --format message:{REPORTS}/cucumber.ndjson",
        reports=(f"{REPORTS}/cucumber.ndjson",),
    ),
}
UNSUPPORTED: Final = ("karma", "jasmine", "ava", "tape", "qunit")
"""Runners whose report needs a change of their configuration."""


def find(folder: Folder) -> Iterator[Found]:
    """Yield the runners for JavaScript that a directory uses."""
    if "package.json" not in folder.names:
        return
    package, manager = _package(folder), _manager(folder)
    scripts = _scripts(package)
    for name, runner in _installed(package).items():
        yield _found(folder, name, manager, _script(scripts, runner.word))
    if re.fullmatch(_NODE, scripts.get("test", "")):
        outputs = (
            "--test-reporter=spec --test-reporter-destination=stdout "
            f"--test-reporter=junit --test-reporter-destination={REPORTS}/node.xml"
        )
        yield Found(
            runner="node",
            folder=folder.path,
            marker="package.json",
            language="node",
            install=manager.install,
            command=f"node --test {outputs}",
            reports=(f"{REPORTS}/node.xml",),
        )


def unsupported(folder: Folder) -> list[str]:
    """Return the runners that a directory uses and whose report needs a change of their configuration."""
    dependencies = _dependencies(_package(folder))
    return [name for name in UNSUPPORTED if name in dependencies]


def script_left_out(folder: Folder) -> str:
    """Return why no job runs the script ``test``; empty if a job runs it, or if there is none."""
    package = _package(folder)
    scripts = _scripts(package)
    text = scripts.get("test", "").strip()
    if not text or "no test specified" in text or re.fullmatch(_NODE, text):
        return ""
    runners = _installed(package)
    called = {script for row in runners.values() if (script := _script(scripts, row.word))}
    passed_on = re.fullmatch(_CALLS_SCRIPT, text)
    if "test" in called or (passed_on and passed_on[1] in called):
        return ""
    if not runners:
        return "it calls no runner that is known, so no job is written for it"
    if text in {row.call.partition(" ")[0] for row in runners.values()}:
        return ""
    return f"the job calls {' and '.join(runners)} itself, and not the script"


def _installed(package: Mapping[str, Any]) -> dict[str, _Runner]:
    """Return the runners that a project depends on."""
    dependencies = _dependencies(package)
    return {name: row for name, row in _RUNNERS.items() if dependencies.intersection(row.packages)}


def _dependencies(package: Mapping[str, Any]) -> set[str]:
    return {name for key in ("devDependencies", "dependencies") for name in _table(package, key) if name}


def _scripts(package: Mapping[str, Any]) -> dict[str, str]:
    return {name: text for name, text in _table(package, "scripts").items() if isinstance(text, str)}


def _found(folder: Folder, name: str, manager: _Manager, script: str) -> Found:
    runner = _RUNNERS[name]
    prepared = tuple(f"{manager.program} {command}" for command in runner.prepare)
    call = manager.script.format(script) if script else f"{manager.program} {runner.call}"
    return Found(
        runner=name,
        folder=folder.path,
        marker="package.json",
        language="node",
        install=(*manager.install, *prepared),
        command=f"{runner.variables}{call} {runner.options}",
        reports=runner.reports,
    )


def _script(scripts: Mapping[str, str], word: str) -> str:
    """Return the name of the script that calls the runner alone, so that options can be added to it."""
    called = re.compile(rf"(?:^|[\s/]){re.escape(word)}(?:\s|$)")
    for name in sorted(scripts, key=lambda name: (name != "test", not name.startswith("test"), name)):
        text = scripts[name]
        alone = not re.search(r"[&|;<>`$\n]|--watch|(?:^|\s)-- ", text)
        if alone and called.search(text) and re.fullmatch(_SCRIPT_NAME, name):
            return name
    return ""


def _manager(folder: Folder) -> _Manager:
    """Return the package manager whose lock file the directory has."""
    if folder.has("pnpm-lock.yaml"):
        return _Manager(
            install=(_COREPACK, "pnpm install --frozen-lockfile"),
            script="pnpm run {}",
            program="pnpm exec",
        )
    if folder.has("yarn.lock"):
        modern = folder.has(".yarnrc.yml")
        return _Manager(
            install=(_COREPACK, f"yarn install {'--immutable' if modern else '--frozen-lockfile'}"),
            script="yarn run {}",
            program="yarn run",
        )
    if folder.has("bun.lock", "bun.lockb"):
        return _Manager(
            install=("npm install --global bun", "bun install --frozen-lockfile"),
            script="bun run {}",
            program="bunx",
        )
    return _Manager(
        install=("npm ci" if folder.has("package-lock.json", "npm-shrinkwrap.json") else "npm install",),
        script="npm run {} --",
        program="npx",
    )


def _package(folder: Folder) -> dict[str, Any]:
    """Return the content of ``package.json``; empty if it is missing or not valid."""
    if not folder.has("package.json"):
        return {}
    try:
        package = json.loads(folder.text("package.json"))
    except (ValueError, RecursionError):
        return {}
    return package if isinstance(package, dict) else {}


def _table(package: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = package.get(key)
    return table if isinstance(table, dict) else {}
