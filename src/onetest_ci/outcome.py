"""The outcome of a run: reports, delivery, gate and exit code."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from msgspec.structs import asdict

import onetest_ci
from onetest_ci.bundle.records import Manifest
from onetest_ci.errors import OnetestError
from onetest_ci.exit_codes import ExitCode
from onetest_ci.notices import NOTE, WARNING, Notice, texts
from onetest_ci.redaction import Redactor
from onetest_ci.results.run_results import Listed, RunResults, ShownTest, reported_place

if TYPE_CHECKING:
    from onetest_ci.case_links import CaseLinks

_ROWS_OF_CASES: Final = 1000
"""Rows of each kind about test cases in the JSON outcome. ``cases match --format json`` has all of them."""


class UploadStatus(StrEnum):
    """The result of a delivery in one word, for programs."""

    DELIVERED = "delivered"
    PARTIAL = "partial"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"


class DeliveredLaunch(NamedTuple):
    """A launch in OneTest.

    Attributes:
        id: its ID. Empty if the response to an import contains none.
        url: its link. Empty if OneTest returned none.
        number: its number. None if OneTest returned none.
    """

    id: str
    url: str = ""
    number: int | None = None

    def redacted(self, redact: Redactor) -> Self:
        """Return the launch without secrets."""
        return self._replace(id=redact(self.id), url=redact(self.url))


@dataclass(slots=True, kw_only=True, repr=False, eq=False)  # unused, and slow to make
class Delivery:
    """The state of a bundle's delivery, updated while it is sent.

    Attributes:
        status: ``skipped`` until something is sent.
        mode: ``launch`` or ``import``. Empty until it is chosen.
        why: the reason for the mode, and what the mode loses.
        estimate: the maximum number of API calls.
        calls: API calls made, by service.
        launches: launches in OneTest, in the order of their start.
        environment_id: ID of the launch's environment. May be empty.
        build_id: ID of the launch's build. May be empty.
        sent: acknowledged cases, including those of earlier pushes of the same bundle.
        total: cases to send.
        artifacts: acknowledged files of the run.
        lost: results and files that OneTest refused, one sentence each.
        notices: warnings and notes.
        error: the reason why delivery stopped. None if it is complete.
    """

    status: UploadStatus = UploadStatus.SKIPPED
    mode: str = ""
    why: str = ""
    estimate: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    launches: list[DeliveredLaunch] = field(default_factory=list)
    environment_id: str = ""
    build_id: str = ""
    sent: int = 0
    total: int = 0
    artifacts: int = 0
    lost: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    error: OnetestError | None = None

    def warn(self, kind: str, text: str) -> None:
        """Add a warning. ``kind`` is that of ``Notice``."""
        self.notices.append(Notice(kind, text))

    def redacted(self, redact: Redactor) -> Self:
        """Return the delivery without secrets."""
        return replace(
            self,
            why=redact.text(self.why),
            launches=[launch.redacted(redact) for launch in self.launches],
            environment_id=redact(self.environment_id),
            build_id=redact(self.build_id),
            lost=list(map(redact.text, self.lost)),
            notices=[notice.redacted(redact, redact.text) for notice in self.notices],
            error=self.error and self.error.redacted(redact.text),
        )

    @property
    def total_calls(self) -> int:
        """API calls made to all services."""
        return sum(self.calls.values())

    @property
    def launch_id(self) -> str:
        """ID of the first launch. Empty if it is unknown."""
        return self.launches[0].id if self.launches else ""

    @property
    def launch_url(self) -> str:
        """Link to the first launch. Empty if it is unknown."""
        return self.launches[0].url if self.launches else ""

    def as_dict(self) -> dict[str, Any]:
        """Return the member ``delivery`` of the JSON outcome."""
        return {
            "mode": self.mode,
            "why": self.why,
            "launches": [{"id": one.id, "url": one.url, "number": one.number} for one in self.launches],
            "cases_sent": self.sent,
            "cases_total": self.total,
            "artifacts_sent": self.artifacts,
            "api_calls": {"estimate": self.estimate, "total": self.total_calls, "by_service": self.calls},
            "lost": self.lost,
            "warnings": texts(self.notices, WARNING),
            "error": self.error.as_dict() if self.error else None,
        }


class Verdict(NamedTuple):
    """What one gate decided.

    Attributes:
        option: the option that sets the gate.
        passed: False if it fails the run.
        text: the figure and the limit; a sentence without its full stop.
    """

    option: str
    passed: bool
    text: str

    @property
    def sentence(self) -> str:
        """The verdict for people, with the option that asked for it."""
        return f"{self.text} ({self.option})."


class Gate(NamedTuple):
    """Whether the tests fail the run.

    Attributes:
        fail_on: ``never``, ``any`` or ``new``, as the user set it.
        verdicts: one for each gate that is set.
    """

    fail_on: str
    verdicts: tuple[Verdict, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the tests do not fail the run."""
        return all(verdict.passed for verdict in self.verdicts)

    @property
    def failed(self) -> tuple[Verdict, ...]:
        """The verdicts that fail the run."""
        return tuple(verdict for verdict in self.verdicts if not verdict.passed)

    @property
    def why(self) -> str:
        """The reason if the tests fail the run, else empty."""
        return ". ".join(verdict.text for verdict in self.failed)

    @property
    def word(self) -> str:
        """``passed`` or ``failed``; empty if no gate is set."""
        if not self.verdicts:
            return ""
        return "passed" if self.passed else "failed"

    def as_dict(self) -> dict[str, Any]:
        """Return the member ``gate`` of the JSON outcome."""
        return {
            "fail_on": self.fail_on,
            "passed": self.passed,
            "why": self.why,
            "verdicts": [
                {"option": one.option, "passed": one.passed, "text": one.sentence} for one in self.verdicts
            ],
        }


class Outcome(NamedTuple):
    """The outcome of a run, as all outputs show it.

    Attributes:
        manifest: of the bundle.
        delivery: of the bundle.
        gate: whether failed tests fail the run.
        results: the tests that people look at. None if they could not be read from the bundle.
        problems: set-up errors, and reports that were not read completely.
        notes: on the run as a whole. Those of reports are in ``notices``.
        cases: how the tests and the test cases belong together. None if the test cases are not known.
        bundle_path: where the bundle is kept. None if it was removed.
        exit_code: of the process.
    """

    manifest: Manifest
    delivery: Delivery
    gate: Gate
    results: RunResults | None = None
    problems: Sequence[OnetestError] = ()
    notes: Sequence[str] = ()
    cases: "CaseLinks | None" = None
    bundle_path: Path | None = None
    exit_code: int = ExitCode.OK

    def redacted(self, redact: Redactor) -> Self:
        """Return the outcome without secrets.

        This happens once, before outputs escape, encode and cut texts. After that a secret could not be
        recognised, and its removal could change the structure of a JSON document.
        """
        return self._replace(
            manifest=self.manifest.redacted(redact),
            delivery=self.delivery.redacted(redact),
            results=self.results and self.results.redacted(redact),
            problems=[problem.redacted(redact.text) for problem in self.problems],
            notes=list(map(redact.text, self.notes)),
            cases=self.cases and self.cases.bounded(_ROWS_OF_CASES).redacted(redact),
            bundle_path=self.bundle_path and Path(redact(str(self.bundle_path))),
        )

    @property
    def notices(self) -> list[Notice]:
        """Warnings and notes of reading and delivery."""
        return [*self.manifest.notices, *self.delivery.notices]

    @property
    def shown_results(self) -> RunResults:
        """The tests that people look at; without results, the failures that the manifest names."""
        if self.results is not None:
            return self.results
        totals = self.manifest.totals
        failures = tuple(
            ShownTest(
                name=one.name,
                suite=one.suite,
                status=one.status,
                message=one.message,
                reported_place=reported_place(one.file, one.line),
            )
            for one in self.manifest.failures
        )
        return RunResults(new_failures=Listed(failures, int(totals["failures"] + totals["errors"])))

    @property
    def merged_by_name(self) -> list[tuple[str, str]]:
        """Report and name of each test whose results were merged because they have one name."""
        return [
            (row["path"], name) for row in self.manifest.reports for name in row.get("merged_by_name", ())
        ]

    @property
    def linked(self) -> list[tuple[str, str]]:
        """Label and value of build and environment, if the launch has them. An import has neither."""
        manifest, delivery = self.manifest, self.delivery
        if delivery.mode == "import":
            return []
        # A launch that was sent without its environment is in the default one; a warning explains that.
        environment = manifest.environment if delivery.environment_id or not delivery.launches else ""
        facts = (("Build", manifest.build_version), ("Environment", environment))
        return [(label, value) for label, value in facts if value]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON outcome, which the README documents."""
        manifest, delivery = self.manifest, self.delivery
        return {
            "version": onetest_ci.__version__,
            "exit_code": int(self.exit_code),
            "upload_status": delivery.status.value,
            "launch_id": delivery.launch_id,
            "launch_url": delivery.launch_url,
            "launch_name": manifest.launch_name,
            "launch_uuid": manifest.launch_uuid,
            "environment": {"name": manifest.environment, "id": delivery.environment_id},
            "build": {"version": manifest.build_version, "id": delivery.build_id},
            "attributes": [{"key": key, "value": value} for key, value in manifest.attributes],
            "totals": manifest.totals,
            "failures": [asdict(failure) for failure in manifest.failures],
            "files": list(manifest.reports),
            "skipped_files": manifest.skipped_files,
            "not_reports": list(manifest.not_reports),
            "left_out_directories": manifest.left_out_directories,
            "delivery": delivery.as_dict(),
            "cases": self.cases.as_dict() if self.cases else None,
            "comparison": self.results.comparison() if self.results else None,
            "gate": self.gate.as_dict(),
            "quarantined": _quarantined(self.results),
            "errors": [problem.as_dict() for problem in self.problems],
            "warnings": texts(self.notices, WARNING),
            "notes": [*self.notes, *texts(self.notices, NOTE)],
            "bundle_path": str(self.bundle_path) if self.bundle_path else "",
        }


def _quarantined(results: RunResults | None) -> dict[str, Any] | None:
    """Return the failed tests in quarantine for the JSON outcome, the first ones by name."""
    if results is None:
        return None
    held = results.quarantined
    rows = [{"name": one.name, "suite": one.suite, **one.quarantine._asdict()} for one in held.tests]
    return {"total": held.total, "flaky": results.quarantined_flaky, "tests": rows}
