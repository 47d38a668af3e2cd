"""The machine and the CI run."""

import platform
import sys
from collections.abc import Iterator

from onetest_ci import __version__
from onetest_ci.ci.context import CIContext
from onetest_ci.doctor.finding import Area, Finding, note, ok, warning

_PROVIDED = (
    "workflow",
    "job",
    "run_id",
    "build_number",
    "branch",
    "tag",
    "commit",
    "pull_request",
    "repository",
)


def machine() -> Iterator[Finding]:
    """Yield the versions of the tool, of Python and of the system."""
    yield ok(Area.MACHINE, "version", f"onetest-ci {__version__}")
    implementation = platform.python_implementation()
    yield ok(Area.MACHINE, "python", f"{implementation} {platform.python_version()} in {sys.prefix}")
    yield ok(Area.MACHINE, "platform", platform.platform())


def ci_run(context: CIContext) -> Iterator[Finding]:
    """Yield the CI host, what it provides, and whether it keeps secrets from this run."""
    if context.host:
        yield ok(Area.CI, "host", f"The CI host is {context.host_name}.")
    else:
        yield note(
            Area.CI,
            "no-host",
            "No CI host was recognised; the git checkout provides what it can.",
            "On a CI host, set ONETEST_CI to its name, and ONETEST_CI_BRANCH and the like to its values.",
        )
    provided = [f"{name}: {value}" for name in _PROVIDED if (value := getattr(context, name))]
    missing = [name for name in _PROVIDED if not getattr(context, name)]
    if provided:
        yield ok(Area.CI, "provided", f"It provides {', '.join(provided)}.")
    if missing:
        yield note(Area.CI, "not-provided", f"It does not provide {', '.join(missing)}.")
    name, version = context.default_launch_name, context.default_build_version
    yield ok(
        Area.CI,
        "defaults",
        f'By default the launch is named "{name}"; '
        + (f'the build version is "{version}".' if version else "there is no build version."),
    )
    if context.untrusted:
        yield warning(
            Area.CI,
            "untrusted-run",
            f"This is a {context.untrusted}: CI keeps secrets from it, so `report` collects the results and "
            "keeps them in a bundle.",
            "Push the bundle from a trusted workflow, with `onetest-ci push --untrusted`.",
        )
