"""The plan of a sync and its result, as text for people and as JSON."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import onetest_ci
from onetest_ci.case_links import AUTOMATED, MOST_CASES_NAMED, case_as_dict
from onetest_ci.cases.sync_plan import WHY, LeftTest, NewCase, NewLink, SyncPlan
from onetest_ci.cases.sync_steps import IS_DONE, Status, Step
from onetest_ci.errors import OnetestError
from onetest_ci.exit_codes import ExitCode
from onetest_ci.text.plural import plural

SHOWN: Final = 20
"""Rows of a list in the text. JSON has all."""

_VERBS: Final = {
    Status.CREATED: "created",
    Status.LINKED: "linked",
    Status.FOUND: "found",
    Status.GONE: "deleted meanwhile",
    Status.REFUSED: "refused",
    Status.LEFT: "left",
}

_OTHERS: Final = {
    "already_linked": "linked already",
    "ambiguous": "ambiguous",
    "unlinkable": "cannot be linked",
    "left_out": "left out by --include and --exclude",
}
"""Counts of code_refs for which nothing is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Requests of a sync.

    Attributes:
        listing: requests of the list of test cases.
        estimate: maximum number of requests to carry out the plan, with the list.
        limit: maximum number of requests of a run.
        total: requests made.
    """

    listing: int
    estimate: int
    limit: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """A plan, or what became of it.

    Attributes:
        plan: the plan.
        steps: a step for each test case to create or to link.
        applied: whether the plan was carried out.
        calls: requests.
        journal: path of the journal. None if none was used.
        resumed: number of test cases that an earlier run that was cut short had begun.
        error: the reason why the run stopped early. None if it did not.
        problems: errors of the reports.
    """

    plan: SyncPlan
    steps: Sequence[Step]
    applied: bool
    calls: Calls
    journal: Path | None = None
    resumed: int = 0
    error: OnetestError | None = None
    problems: Sequence[OnetestError] = ()

    @property
    def exit_code(self) -> int:
        """The exit code of the command."""
        if self.error is not None:
            return self.error.exit_code
        if self.applied and not all(step.status in IS_DONE for step in self.steps):
            return ExitCode.NOT_DELIVERED
        return ExitCode.REPORTS if self.problems else ExitCode.OK

    @property
    def totals(self) -> dict[str, int]:
        """The counts, as JSON shows them."""
        plan, counts = self.plan, Counter(step.status for step in self.steps)
        return {
            "tests": plan.tests,
            "already_linked": plan.linked,
            "to_create": len(plan.creations),
            "to_link": len(plan.links),
            "ambiguous": len(plan.ambiguous),
            "unlinkable": len(plan.unlinkable),
            "left_out": plan.left_out,
            **{status.value: counts[status] for status in Status if status is not Status.PLANNED},
        }


# --- JSON


def head_as_dict(report: SyncReport) -> dict[str, Any]:
    """Return the members of the JSON document before its lists, which ``rows`` returns."""
    calls = report.calls
    return {
        "version": onetest_ci.__version__,
        "applied": report.applied,
        "exit_code": int(report.exit_code),
        "totals": report.totals,
        "api_calls": {
            "listing": calls.listing,
            "estimate": calls.estimate,
            "limit": calls.limit,
            "total": calls.total,
        },
        "journal": str(report.journal) if report.journal else "",
        "resumed": report.resumed,
        "errors": [one.as_dict() for one in (report.error, *report.problems) if one],
    }


def own_words(report: SyncReport) -> frozenset[str]:
    """Return the texts of the JSON document that are words of this package."""
    codes = (one.code for one in (report.error, *report.problems) if one)
    return frozenset({*Status, *WHY, *codes, onetest_ci.__version__})


def rows(report: SyncReport) -> dict[str, Iterator[dict[str, Any]]]:
    """Return the lists of the JSON document."""
    creations = (step for step in report.steps if isinstance(step.planned, NewCase))
    links = (step for step in report.steps if isinstance(step.planned, NewLink))
    return {
        "create": map(_step_as_dict, creations),
        "link": map(_step_as_dict, links),
        "ambiguous": map(_left_as_dict, report.plan.ambiguous),
        "unlinkable": map(_left_as_dict, report.plan.unlinkable),
    }


def _step_as_dict(step: Step) -> dict[str, Any]:
    planned = step.planned
    row: dict[str, Any] = {"code_ref": planned.reference, "status": step.status.value, "why": step.why}
    if isinstance(planned, NewLink):
        return row | {"case": case_as_dict(planned.case)}
    return row | {"title": planned.title, "id": step.case_id}


def _left_as_dict(left: LeftTest) -> dict[str, Any]:
    shown = left.cases[:MOST_CASES_NAMED]
    row: dict[str, Any] = {"code_ref": left.reference, "title": left.title, "why": left.why}
    row["cases"] = [case_as_dict(case) for case in shown]
    more = len(left.cases) - len(shown)
    return row | ({"more_cases": more} if more else {})


# --- text


def text_lines(report: SyncReport) -> Iterator[str]:
    """Yield the lines for people."""
    yield from _steps_text(report, NewCase, "Create", "Created", lambda one: _new_case(one.planned))
    yield from _steps_text(report, NewLink, "Link", "Linked", lambda one: _new_link(one.planned))
    yield from _left_text("Ambiguous, left as it is", report.plan.ambiguous)
    yield from _left_text("Cannot be linked", report.plan.unlinkable)
    yield _summary(report)
    yield from _manual_note(report)
    calls = report.calls
    if report.applied:
        return
    if report.steps:
        yield (
            f"Nothing was changed. With --apply the sync takes up to {calls.estimate:,} API calls "
            f"(--max-api-calls allows {calls.limit:,})."
        )
    else:
        yield "Nothing is to be changed."


def _summary(report: SyncReport) -> str:
    totals = report.totals
    done = (
        [f"{totals[status.value]:,} {verb}" for status, verb in _VERBS.items() if totals[status.value]]
        if report.applied
        else [
            f"{totals[name]:,} to {name.removeprefix('to_')}"
            for name in ("to_create", "to_link")
            if totals[name]
        ]
    )
    done += [f"{totals[name]:,} {words}" for name, words in _OTHERS.items() if totals[name]]
    tests = totals["tests"]
    references = sum(totals[name] for name in ("to_create", "to_link", *_OTHERS))
    # Tests such as the rows of a parametrized one share a reference, and the counts are those of references.
    of = "" if references == tests else f" with {plural(references, 'code_ref')}"
    return f"{plural(tests, 'test')}{of}: {', '.join(done) or 'none to synchronize'}."


def _manual_note(report: SyncReport) -> Iterator[str]:
    """Yield why OneTest's coverage does not count some cases: their execution type is left as it is."""
    count = sum(one.case.execution_type not in {"", AUTOMATED} for one in report.plan.links)
    if count:
        yield (
            f"{count:,} of the test cases to link {'is' if count == 1 else 'are'} not automated. Automation "
            "coverage counts only automated ones: `onetest-ci cases update ID --execution-type automated`."
        )


def _steps_text(
    report: SyncReport,
    kind: type[NewCase | NewLink],
    planned: str,
    applied: str,
    describe: Callable[[Step], str],
) -> Iterator[str]:
    steps = [step for step in report.steps if isinstance(step.planned, kind)]
    if not steps:
        return
    yield f"{applied if report.applied else planned} ({len(steps):,})"
    # Unfinished steps come first.
    ordered = sorted(steps, key=lambda step: step.status in IS_DONE)
    yield from _bounded(describe(step) + _outcome(step) for step in ordered[: SHOWN + 1])
    yield from _more(len(steps))


def _outcome(step: Step) -> str:
    if step.status is Status.PLANNED:
        return ""
    found = [_VERBS[step.status], step.case_id] if step.status in IS_DONE else [_VERBS[step.status]]
    words = " ".join(filter(None, found))
    return f": {words}; {step.why}" if step.why else f": {words}"


def _new_case(planned: NewCase | NewLink) -> str:
    return f"{planned.title} <- {planned.reference}" if isinstance(planned, NewCase) else ""


def _new_link(planned: NewCase | NewLink) -> str:
    if isinstance(planned, NewCase):
        return ""
    return f"{planned.case.label} {planned.case.title} <- {planned.reference}"


def _left_text(heading: str, left: Sequence[LeftTest]) -> Iterator[str]:
    if not left:
        return
    yield f"{heading} ({len(left):,})"
    yield from _bounded(map(_left_line, left[:SHOWN]))
    yield from _more(len(left))


def _left_line(left: LeftTest) -> str:
    named = ", ".join(case.label for case in left.cases[:3])
    more = f" and {len(left.cases) - 3:,} more" if len(left.cases) > 3 else ""  # noqa: PLR2004
    cases = f" ({named}{more})" if named else ""
    return f"{left.reference or left.title}: {WHY[left.why]}{cases}"


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number < SHOWN:
            yield f"  {line}"


def _more(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield f"  and {count - SHOWN:,} more; --format json has all"
