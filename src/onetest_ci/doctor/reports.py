"""What the reports contain, what each mode would cost, and how many tests can be linked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.code_ref.linking import problem_of
from onetest_ci.doctor.finding import Area, Finding, Sign, note, ok
from onetest_ci.errors import OnetestError
from onetest_ci.model import Suite
from onetest_ci.notices import WARNING, Notice
from onetest_ci.redaction import Redactor
from onetest_ci.text.plural import plural

_EXAMPLES: Final = 5
_LONGEST_REF: Final = 200


@dataclass(frozen=True, slots=True)
class Linking:
    """How the code_refs of the tests look.

    Attributes:
        examples: the first different ones.
        linkable: number of tests that a test case can name.
        problems: number of other tests by the reason.
    """

    examples: tuple[str, ...]
    linkable: int
    problems: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReports:
    """The reports that PATHs name.

    Attributes:
        totals: counts of tests by verdict.
        files: number of reports.
        formats: of the reports.
        calls: maximum number of API calls by mode.
        mode: that `report` would choose.
        max_calls: the maximum that `report` allows.
        linking: how the code_refs look.
        unlinkable: one notice for each reason why tests cannot be linked.
        problems: what makes `report` fail, the chosen mode's costs included.
    """

    totals: dict[str, Any]
    files: int
    formats: tuple[str, ...]
    calls: tuple[tuple[str, int], ...]
    mode: str
    max_calls: int
    linking: Linking
    unlinkable: tuple[Notice, ...]
    problems: tuple[OnetestError, ...]

    def redacted(self, redact: Redactor) -> Self:
        """Return the reports without secrets. Findings hold the texts of problems."""
        examples = tuple(map(redact, self.linking.examples))
        return replace(self, linking=replace(self.linking, examples=examples))

    def as_dict(self) -> dict[str, Any]:
        """Return the reports as the JSON document holds them."""
        return {
            "files": self.files,
            "formats": list(self.formats),
            "totals": self.totals,
            "mode": self.mode,
            "api_calls": dict(self.calls),
            "max_api_calls": self.max_calls,
            "linkable": self.linking.linkable,
            "not_linkable": [{"tests": count, "why": why} for why, count in self.linking.problems],
            "code_refs": list(self.linking.examples),
        }


def linking_of(bundle: Bundle) -> Linking:
    """Return how the code_refs of a bundle's tests look.

    Raises:
        BundleError: it is damaged.
    """
    suites: dict[int, Suite] = {}
    examples: dict[str, None] = {}
    problems: dict[str, int] = {}
    linkable = 0
    for item in bundle.results():
        if isinstance(item, Suite):
            # Only a few tools' suites change what a reference means.
            if item.producer:
                suites[item.ordinal] = item
            continue
        ref, of_suite = item.stored.code_ref, item.stored.case.suite
        around = suites.get(of_suite) if of_suite is not None else None
        problem = problem_of(ref, (around,) if around else ())
        if problem:
            problems[problem] = problems.get(problem, 0) + 1
        linkable += not problem
        if len(examples) < _EXAMPLES:
            examples[ref] = None
    return Linking(tuple(examples), linkable, tuple(problems.items()))


def reports(read: ReadReports) -> Iterator[Finding]:
    """Yield what the reports contain, what they cost, and how they link."""
    yield from (Finding.of_error(Area.REPORTS, problem) for problem in read.problems)
    tests = read.totals["tests"]
    if not tests:
        return
    words = {"passed": "passed", "failures": "failed", "errors": "in error", "skipped": "skipped"}
    counts = ", ".join(f"{read.totals[key]:,} {word}" for key, word in words.items())
    named = f"{plural(read.files, 'report')} ({', '.join(read.formats)})"
    yield ok(Area.REPORTS, "found", f"Found in {named}: {plural(tests, 'test')}, {counts}.")
    costs = ", ".join(f"{mode} mode at most {calls:,}" for mode, calls in read.calls)
    yield ok(
        Area.REPORTS,
        "cost",
        f"API calls: {costs}. `report` would use {read.mode} mode (--max-api-calls {read.max_calls:,}).",
    )
    linking = read.linking
    yield Finding(
        area=Area.REPORTS,
        code="linkable",
        sign=Sign.OK if linking.linkable == tests else Sign.NOTE,
        text=f"Tests that a test case can name by their code_ref: {linking.linkable:,} of {tests:,}.",
    )
    for ref in linking.examples:
        yield note(Area.REPORTS, "code-ref", f"code_ref {ref[:_LONGEST_REF]}")
    for notice in read.unlinkable:
        yield Finding(
            area=Area.REPORTS,
            code="not-linkable",
            sign=Sign.WARNING if notice.level == WARNING else Sign.NOTE,
            text=notice.text,
            hint="See `--code-ref-style`, and the table of references in the README.",
        )
