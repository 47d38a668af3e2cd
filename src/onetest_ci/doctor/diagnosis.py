"""All that `doctor` found, for its outputs, and the exit code."""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

from onetest_ci import __version__
from onetest_ci.doctor.configuration import SettingRow
from onetest_ci.doctor.finding import Finding, Sign
from onetest_ci.doctor.records import FoundPath, RequestRow
from onetest_ci.doctor.reports import ReadReports
from onetest_ci.exit_codes import ExitCode
from onetest_ci.redaction import Redactor

# As in `report`: settings stop it first; then a refused key or product, and --max-api-calls; then reports.
_ORDER: Final = (ExitCode.USAGE, ExitCode.REFUSED, ExitCode.BUDGET, ExitCode.REPORTS, ExitCode.NOT_DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The findings of one run.

    Attributes:
        findings: in the order of their areas.
        settings: each setting of `report`.
        requests: those that were made.
        paths: those of OneTest that exist and are not documented.
        reports: what PATHs name; None without one.
        calls: number of requests that may have arrived.
        max_calls: the maximum.
        for_issue: answers to open questions about OneTest's API, in Markdown. Empty without requests.
    """

    findings: tuple[Finding, ...]
    settings: tuple[SettingRow, ...] = ()
    requests: tuple[RequestRow, ...] = ()
    paths: tuple[FoundPath, ...] = ()
    reports: ReadReports | None = None
    calls: int = 0
    max_calls: int = 0
    for_issue: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """Exit code of the command: 0 if `report` would not fail here."""
        codes = {finding.exit_code for finding in self.findings if finding.sign is Sign.ERROR}
        return next((code for code in _ORDER if code in codes), ExitCode.OK)

    def count(self, sign: Sign) -> int:
        """Return the number of findings with a sign."""
        return sum(finding.sign is sign for finding in self.findings)

    def redacted(self, redact: Redactor) -> Self:
        """Return the diagnosis without secrets. Words of this package stay, even if a secret equals one."""
        return replace(
            self,
            findings=tuple(finding.redacted(redact.text) for finding in self.findings),
            settings=tuple(row._replace(value=redact.text(row.value)) for row in self.settings),
            requests=tuple(row._replace(path=redact(row.path)) for row in self.requests),
            paths=tuple(path._replace(template=redact(path.template)) for path in self.paths),
            reports=self.reports.redacted(redact) if self.reports else None,
            for_issue=redact.text(self.for_issue),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON document (docs/schemas/doctor.schema.json)."""
        return {
            "version": __version__,
            "exit_code": int(self.exit_code),
            "api_calls": {"made": self.calls, "maximum": self.max_calls},
            "findings": [finding.as_dict() for finding in self.findings],
            "settings": [row._asdict() for row in self.settings],
            "requests": [row._asdict() for row in self.requests],
            "endpoints": [{"name": one.name, "path": one.template} for one in self.paths],
            "reports": self.reports.as_dict() if self.reports else None,
            "for_issue": self.for_issue,
        }
