"""What is known of one test runner in one directory: how to install, how to run, and where the report is."""

from typing import Final, NamedTuple

REPORTS: Final = "onetest-reports"
"""The directory for reports, beside the project's own files."""

MAKE_DIRECTORY: Final = f"mkdir -p {REPORTS}"


class Language(NamedTuple):
    """What a host sets up before the project's own commands.

    Attributes:
        action: GitHub's action that installs the language or its tool; empty if the runner has both.
        inputs: of that action.
        version_files: files of the project that choose the version, with the action's input for each.
        image: for hosts that run jobs in containers.
        packages: commands that install what the image lacks.
    """

    action: str
    inputs: tuple[tuple[str, str], ...]
    image: str
    version_files: tuple[tuple[str, str], ...] = ()
    packages: tuple[str, ...] = ()


LANGUAGES: Final = {
    "python": Language(
        "actions/setup-python@v6",
        (("python-version", "3.14"),),
        "python:3.14",
        ((".python-version", "python-version-file"),),
    ),
    "node": Language(
        "actions/setup-node@v6",
        (("node-version", "lts/*"),),
        "node:lts",
        ((".nvmrc", "node-version-file"), (".node-version", "node-version-file")),
    ),
    "maven": Language(
        "actions/setup-java@v5",
        (("distribution", "temurin"), ("java-version", "21")),
        "maven:3-eclipse-temurin-21",
    ),
    "gradle": Language(
        "actions/setup-java@v5", (("distribution", "temurin"), ("java-version", "21")), "gradle:jdk21"
    ),
    "go": Language(
        "actions/setup-go@v6", (("go-version", "stable"),), "golang:1", (("go.mod", "go-version-file"),)
    ),
    "rust": Language(
        *("taiki-e/install-action@v2", (("tool", "nextest"),), "rust:1"),
        packages=("cargo install cargo-nextest --locked",),
    ),
    "dotnet": Language(
        "actions/setup-dotnet@v5",
        (("dotnet-version", "9.0.x"),),
        "mcr.microsoft.com/dotnet/sdk:9.0",
        (("global.json", "global-json-file"),),
    ),
    "ruby": Language("ruby/setup-ruby@v1", (("ruby-version", "3.4"),), "ruby:3.4"),
    "php": Language("", (), "composer:2"),
    "c": Language("", (), "gcc:14", packages=("apt-get update", "apt-get install --yes cmake")),
    "deno": Language("denoland/setup-deno@v2", (("deno-version", "v2.x"),), "denoland/deno:debian"),
    "dart": Language("dart-lang/setup-dart@v1", (), "dart:stable"),
    "bats": Language(
        "", (), "debian:stable", packages=("apt-get update", "apt-get install --yes bats parallel")
    ),
}
"""The languages, by the name that a runner has for its own."""


class Found(NamedTuple):
    """A test runner that a directory of the project uses.

    Attributes:
        runner: its name.
        folder: the directory, below the root; empty for the root.
        marker: the file that shows the runner.
        language: a key of ``LANGUAGES``.
        install: commands that install what the tests need.
        command: runs the tests, in a shell that starts in the directory.
        reports: files and globs of the reports, below the directory.
        note: what a person should know; empty for nothing.
        versions: files of the directory that choose the language's version, with the action's input for each.
        version: of the language, for the action's first input and the image; empty for what the language has.
    """

    runner: str
    folder: str
    marker: str
    language: str
    install: tuple[str, ...]
    command: str
    reports: tuple[str, ...]
    note: str = ""
    versions: tuple[tuple[str, str], ...] = ()
    version: str = ""

    @property
    def set_up(self) -> Language:
        """Return what a host sets up."""
        language = LANGUAGES[self.language]
        if not self.version:
            return language
        (key, _), *others = language.inputs
        image = f"{language.image.partition(':')[0]}:{self.version}"
        return language._replace(inputs=((key, self.version), *others), image=image)

    @property
    def prepare(self) -> tuple[str, ...]:
        """Return the command that makes the directory; none if the runner writes its reports elsewhere."""
        return () if self.reports_by_default else (MAKE_DIRECTORY,)

    @property
    def reports_by_default(self) -> bool:
        """Return whether the runner writes its reports without an option."""
        return REPORTS not in self.command

    @property
    def report_paths(self) -> list[str]:
        """Return the files and globs of the reports, below the root."""
        return [self.below_root(report) for report in self.reports]

    def below_root(self, path: str) -> str:
        """Return a path of the directory as a path of the root."""
        return f"{self.folder}/{path}" if self.folder else path
