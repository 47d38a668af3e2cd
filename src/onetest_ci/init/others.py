"""Find the runners of other languages: one row for each, with the file that shows it."""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from onetest_ci.init.project import Folder
from onetest_ci.init.runner import REPORTS, Found

_SUREFIRE: Final = "**/target/surefire-reports/TEST-*.xml"
_FAILSAFE: Final = "**/target/failsafe-reports/TEST-*.xml"
# A tool's configuration comes below that of the project. The path begins in target/nextest/default.
_NEXTEST_CONFIG: Final = f'[profile.default.junit]\\npath = "../../../{REPORTS}/nextest.xml"\\n'
_NEXTEST: Final = (
    f"printf '{_NEXTEST_CONFIG}' > {REPORTS}/nextest.toml\n"
    f'cargo nextest run --no-fail-fast --tool-config-file "onetest:$PWD/{REPORTS}/nextest.toml"'
)


class _Row(NamedTuple):
    """A runner and the file that shows it.

    Attributes:
        runner: its name.
        language: a key of ``LANGUAGES``.
        marker: a pattern for the file's name.
        content: a pattern that the file contains; empty for any content.
        install: commands before the tests.
        command: a text, or what makes it for a directory.
        reports: files and globs.
        instead_of: runners of the same directory that this one replaces.
        note: for a person.
    """

    runner: str
    language: str
    marker: str
    content: str
    install: tuple[str, ...]
    command: str | Callable[[Folder], str]
    reports: tuple[str, ...]
    instead_of: tuple[str, ...] = ()
    note: str = ""


def _maven(folder: Folder) -> str:
    goal = "verify" if "failsafe" in folder.text("pom.xml") else "test"
    every = " --fail-at-end" if "<modules>" in folder.text("pom.xml") else ""
    # A file that Git holds without the permission to run is a text for the shell.
    program = "sh ./mvnw" if folder.has("mvnw") else "mvn"
    return f"{program} --batch-mode{every} clean {goal}"


def _gradle(folder: Folder) -> str:
    return f"{'sh ./gradlew' if folder.has('gradlew') else 'gradle'} clean test --continue"


def _deno(folder: Folder) -> str:
    text = folder.text("deno.json") or folder.text("deno.jsonc")
    task = bool(re.search(r'"test"\s*:\s*"deno test[^"&|;]*"', text))
    return f"deno {'task ' if task else ''}test --junit-path={REPORTS}/deno.xml"


_GRADLE_REPORTS: Final = ("**/build/test-results/**/TEST-*.xml",)
_CMAKE_TESTS: Final = r"(?im)^[ \t]*(?:enable_testing|add_test|\w+_discover_tests|include\s*\(\s*CTest)\b"
_GO: Final = f"go test -json ./... > {REPORTS}/go.json"
_CTEST: Final = f'ctest --test-dir build --output-on-failure --output-junit "$PWD/{REPORTS}/ctest.xml"'

_ROWS: Final = (
    _Row("maven", "maven", "pom.xml", "", (), _maven, (_SUREFIRE, _FAILSAFE)),
    _Row("gradle", "gradle", "build.gradle", "", (), _gradle, _GRADLE_REPORTS),
    _Row("gradle", "gradle", "build.gradle.kts", "", (), _gradle, _GRADLE_REPORTS),
    _Row("gradle", "gradle", "settings.gradle*", "", (), _gradle, _GRADLE_REPORTS),
    _Row(
        *("go", "go", "go.mod", r"\bgithub\.com/onsi/ginkgo\b", (), _GO, (f"{REPORTS}/go.json",)),
        note="go test shows a suite of Ginkgo as one test: `ginkgo run` with --json-report writes each spec.",
    ),
    _Row("go", "go", "go.mod", "", (), _GO, (f"{REPORTS}/go.json",)),
    _Row(
        *("cargo-nextest", "rust", "Cargo.toml", "", (), _NEXTEST, (f"{REPORTS}/nextest.xml",)),
        note="cargo-nextest runs no tests of the documentation: add `cargo test --doc` if there are some.",
    ),
    *(
        _Row(
            *("dotnet", "dotnet", marker, "", ()),
            f"dotnet test --logger trx --results-directory {REPORTS}",
            (f"{REPORTS}/*.trx",),
        )
        for marker in ("*.sln", "*.slnx")
    ),
    _Row(
        *("dotnet", "dotnet", "*.[cfv][sb]proj", r"(?i)Microsoft\.NET\.Test\.Sdk|xunit|nunit|mstest", ()),
        f"dotnet test --logger trx --results-directory {REPORTS}",
        (f"{REPORTS}/*.trx",),
    ),
    *(
        _Row(
            *("rspec", "ruby", marker, content, ("bundle install",)),
            f"bundle exec rspec --format progress --format json --out {REPORTS}/rspec.json",
            (f"{REPORTS}/rspec.json",),
        )
        for marker, content in ((".rspec", ""), ("Gemfile", r"""gem[ \t]{0,9}\(?[ \t]{0,9}["']rspec"""))
    ),
    _Row(
        *("pest", "php", "composer.json", r'"pestphp/pest"', ("composer install --no-interaction",)),
        f"vendor/bin/pest --log-junit {REPORTS}/pest.xml",
        (f"{REPORTS}/pest.xml",),
    ),
    *(
        _Row(
            *("phpunit", "php", marker, content, ("composer install --no-interaction",)),
            f"vendor/bin/phpunit --log-junit {REPORTS}/phpunit.xml",
            (f"{REPORTS}/phpunit.xml",),
            ("pest",),
        )
        for marker, content in (
            ("phpunit.xml", ""),
            ("phpunit.xml.dist", ""),
            ("composer.json", r'"phpunit/phpunit"'),
        )
    ),
    _Row(
        *("ctest", "c", "CMakeLists.txt", _CMAKE_TESTS, ("cmake -S . -B build", "cmake --build build")),
        _CTEST,
        (f"{REPORTS}/ctest.xml",),
    ),
    *(
        _Row("deno", "deno", name, "", (), _deno, (f"{REPORTS}/deno.xml",))
        for name in ("deno.json", "deno.jsonc")
    ),
    _Row(
        *("dart", "dart", "pubspec.yaml", r"(?m)^[ \t]+test[ \t]*:", ("dart pub get",)),
        f"dart test --file-reporter json:{REPORTS}/dart.json",
        (f"{REPORTS}/dart.json",),
    ),
    _Row(
        *("bats", "bats", "*.bats", "", ()),
        f"bats --report-formatter junit --output {REPORTS} .",
        (f"{REPORTS}/report.xml",),
    ),
)

WHOLE: Final = {
    "maven": ("pom.xml", "<modules>"),
    "gradle": ("settings.gradle*", ""),
    "cargo-nextest": ("Cargo.toml", r"(?m)^[ \t]*\[workspace\]"),
    "dotnet": ("*.sln*", ""),
    "pytest": ("*", ""),
    "jest": ("*", ""),
    "vitest": ("*", ""),
    "playwright": ("*", ""),
    "robot": ("*", ""),
}
"""Runners that run the tests of directories below too, if the directory has this file with this content."""


def find(folder: Folder) -> Iterator[Found]:
    """Yield the runners of other languages that a directory uses, each once."""
    seen: set[str] = set()
    for row in _ROWS:
        if row.runner in seen or seen.intersection(row.instead_of):
            continue
        marker = _marker(folder, row.marker, row.content)
        if marker:
            seen.add(row.runner)
            command = row.command if isinstance(row.command, str) else row.command(folder)
            fields = (row.install, command, row.reports, row.note)
            yield Found(row.runner, folder.path, marker, row.language, *fields)


def runs_those_below(folder: Folder, runner: str) -> bool:
    """Return whether a runner of a directory runs the tests of the directories below too."""
    pattern, content = WHOLE.get(runner, ("", ""))
    return bool(pattern) and bool(_marker(folder, pattern, content))


def _marker(folder: Folder, pattern: str, content: str) -> str:
    for name in folder.matching(pattern):
        if not content or re.search(content, folder.text(name)):
            return name
    return ""
