"""Make the entries of tests in lists for people, with their places in the checkout."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.ci.checkout import read_checkout
from onetest_ci.cli.invocation import Invocation
from onetest_ci.model import BAD
from onetest_ci.outputs.host_logs import folds
from onetest_ci.results.run_results import ShownTest, TestResult
from onetest_ci.results.summarize import shown

if TYPE_CHECKING:
    from onetest_ci.traces.finder import PlaceFinder


def tested_checkout(invocation: Invocation) -> Path:
    """Return the root of the repository that this run tested."""
    context = invocation.context
    return context.checkout or context.workspace_or(invocation.cwd)


def same_checkout(bundle: Bundle, invocation: Invocation) -> Path | None:
    """Return the root of the checkout here if it is at the bundle's commit; else None."""
    found = read_checkout(invocation.cwd)
    commit = bundle.manifest.commit
    return found.root if found and commit and found.commit == commit else None


def show_in(checkout: Path | None, invocation: Invocation) -> Callable[[TestResult], ShownTest]:
    """Return the function that makes the entry of a test in a list.

    Args:
        checkout: the root of the repository that was tested. None if it is not here.
        invocation: of the command.
    """
    settings = invocation.settings
    # A console that folds nothing, and whose host annotates nothing, shows no trace.
    traces = bool(settings.summary or settings.comment or folds(invocation.context.host))

    @cache
    def finder() -> "PlaceFinder | None":
        # Runs without a failure need it not.
        from onetest_ci.traces.finder import PlaceFinder  # noqa: PLC0415

        return PlaceFinder(checkout) if checkout else None

    def show(test: TestResult) -> ShownTest:
        if test.status not in BAD:
            return shown(test)
        entry = _with_place(finder(), test)
        return _with_own_frames(finder(), test, entry) if traces else entry

    return show


def _with_place(finder: "PlaceFinder | None", test: TestResult) -> ShownTest:
    if finder is None:
        return shown(test)
    trace = test.details or test.message
    place = finder.place(trace, _file_of(test), test.line, code_ref=test.code_ref)
    return shown(test)._replace(place=place)


def _file_of(test: TestResult) -> str:
    """Return the file of a test as the report spells it. Deno writes it as the class, without ``file``."""
    named = test.classname.removeprefix("./")
    is_file = "." in named.rpartition("/")[2] and f"/{test.code_ref.partition(':')[0]}".endswith(f"/{named}")
    return test.file or (named if is_file else "")


def _with_own_frames(finder: "PlaceFinder | None", test: TestResult, entry: ShownTest) -> ShownTest:
    from onetest_ci.traces.own_frames import own_frames  # noqa: PLC0415 - as above

    return entry._replace(trace=own_frames(test.details, finder.is_own if finder else None))
