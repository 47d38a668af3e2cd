"""The merged results of the runners that reported to one launch: ``launch finish --results``."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from onetest_ci.bundle.records import TOTALS, Manifest
from onetest_ci.cli.compared_results import ComparedResults, Source
from onetest_ci.cli.invocation import Invocation
from onetest_ci.cli.quarantine import quarantine_of, read_list
from onetest_ci.cli.shown_tests import show_in, tested_checkout
from onetest_ci.errors import OnetestError, ReportError
from onetest_ci.gate import Figures, Limits, exit_code, judge, why_not_judged
from onetest_ci.notices import NOTE, Notice
from onetest_ci.outcome import Delivery, Outcome
from onetest_ci.results.allowance import Allowance, Exhausted
from onetest_ci.results.baseline_files import found_files
from onetest_ci.results.merged import Merged, merge
from onetest_ci.results.run_results import RunResults
from onetest_ci.results.saved import Saved, UnusableResults, open_saved
from onetest_ci.results.summarize import summarize

MOST_FILES: Final = 10_000
"""Files of saved results that are merged."""
_SHOWN_COMMITS: Final = 5


def merged_outcome(invocation: Invocation, delivery: Delivery) -> Outcome:
    """Return the results of all runners as those of one run.

    A file that is missing or damaged is an error: the results are not those of the whole launch.

    Args:
        invocation: of `launch finish`.
        delivery: the launch that the runners reported to, and whether it was finished.
    """
    problems: list[OnetestError] = []
    shown = found_files(invocation.settings.results, invocation.cwd, most=MOST_FILES)
    merged = _merged(invocation, shown, problems)
    problems += (_damaged(shown[saved.path], why) for saved, why in merged.unusable)
    problems += (_incomplete(shown[saved.path]) for saved in merged.cut_short)
    _warn_of_other_commits(merged, delivery)
    manifest = _manifest(merged, shown, invocation, delivery.launch_id)
    results = _results(merged, manifest, delivery, invocation, problems)
    figures = Figures.of(manifest.totals, results) if results else None
    limits = Limits.of(invocation.settings)
    unjudged = "not all results could be read" if problems else ""
    if figures and not unjudged:
        unjudged = why_not_judged(limits, figures, manifest.notices)
    gate = judge(limits, figures, unjudged=unjudged)
    code = exit_code(problems, delivery, gate, fail_on_upload_error=delivery.error is not None)
    return Outcome(
        manifest=manifest, delivery=delivery, gate=gate, results=results, problems=problems, exit_code=code
    )


def _merged(invocation: Invocation, shown: dict[Path, str], problems: list[OnetestError]) -> Merged:
    """Return the merged results; add an error for each file that they lack. There are none beyond a limit."""
    allowance = Allowance()
    try:
        return merge(list(_opened(invocation, shown, problems, allowance)), allowance)
    except Exhausted as problem:
        problems.append(_too_many(f"All files of saved results together {problem}."))
        return merge((), allowance)


def _too_many(what: str) -> ReportError:
    return ReportError("too-many-results", what, "Name fewer files, or finish the launch without --results.")


def _opened(
    invocation: Invocation, shown: dict[Path, str], problems: list[OnetestError], allowance: Allowance
) -> Iterator[Saved]:
    """Yield the files that begin as saved results; add an error for any other, and if there is no file.

    Raises:
        Exhausted: they contain more reports or bytes than are read.
    """
    if not shown:
        problems.append(
            ReportError(
                "no-results",
                f"No file matches {', '.join(invocation.settings.results)}.",
                "Name the files that the runners wrote with --save-results.",
            )
        )
    if len(shown) > MOST_FILES:
        problems.append(_too_many(f"There are more than {MOST_FILES:,} files of saved results."))
    for path, display in shown.items():
        try:
            saved = open_saved(path, allowance.take_bytes)
            allowance.take_reports(len(saved.reports))
            yield saved
        except UnusableResults as problem:
            problems.append(_damaged(display, str(problem)))


def _damaged(display: str, why: str) -> ReportError:
    return ReportError(
        "damaged-results",
        f"{display} cannot be used: {why}.",
        "The merged results lack those of this runner. Fetch the file again, or repeat its job.",
    )


def _incomplete(display: str) -> ReportError:
    return ReportError(
        "incomplete-results",
        f"{display} is of a run that was cut short, or of a report that was not read to its end.",
        "Tests may be missing from the merged results. Repeat the job of this runner.",
    )


def _warn_of_other_commits(merged: Merged, delivery: Delivery) -> None:
    """Warn if the files are of several commits: one of an earlier run may hide that one is missing."""
    commits = dict.fromkeys(one.header.commit[:12] for one in merged.files if one.header.commit)
    if len(commits) > 1:
        named = ", ".join(list(commits)[:_SHOWN_COMMITS])
        delivery.warn(
            "results",
            f"The saved results are of {len(commits):,} commits ({named}). If a file is of an earlier run, "
            "that of this run is missing.",
        )


def _manifest(merged: Merged, shown: dict[Path, str], invocation: Invocation, launch_id: str) -> Manifest:
    now = int(invocation.clock() * 1000)
    names = dict.fromkeys(one.header.name for one in merged.files if one.header.name)
    # The first runner named a launch with a key. Only `launch start` had the name of another one.
    name = next(iter(names), "") if invocation.settings.launch_key else ""
    cut_short = merged.cut_short
    rows: Iterator[dict[str, Any]] = (
        {
            "path": shown[one.path],
            "format": "saved-results",
            **totals,
            "truncated": one in cut_short,
            "merged_by_name": [],
            "warnings": [],
            "notes": [],
            "error": None,
        }
        for one, totals in zip(merged.files, merged.per_file, strict=True)
    )
    return Manifest(
        launch_uuid=launch_id,
        launch_name=name,
        start_ms=now,
        end_ms=now,
        commit=invocation.context.commit,
        reports=tuple(rows),
        totals=TOTALS | merged.totals,
        cases=int(merged.totals["tests"]),
        notices=tuple(
            Notice(
                "declared-more-failures",
                "a report of this runner declares more failures than it contains; the tests count",
                level=NOTE,
            ).about(shown[one.path])
            for one in merged.files
            if one.header.more_failures
        ),
    )


def _checkout(merged: Merged, invocation: Invocation) -> Path | None:
    """Return the root of the checkout here if the runners tested its commit; else None."""
    commits = {one.header.commit for one in merged.files if one.header.commit}
    return tested_checkout(invocation) if commits <= {invocation.context.commit} else None


def _results(
    merged: Merged,
    manifest: Manifest,
    delivery: Delivery,
    invocation: Invocation,
    problems: list[OnetestError],
) -> RunResults | None:
    is_whole = not problems
    source = Source(merged.rows, merged.reports, is_whole)
    try:
        held = quarantine_of(lambda: (row.test for row in merged.rows()), delivery, read_list(invocation))
        show = show_in(_checkout(merged, invocation), invocation)
        chosen = partial(summarize, show=show, quarantine_of=held)
        return ComparedResults(source, manifest, delivery, invocation, chosen).read()
    except UnusableResults as problem:
        problems.append(_damaged("A file of saved results", str(problem)))
        return None
