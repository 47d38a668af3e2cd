"""The outcome of a run: what was read, what became of it, and the exit code that follows."""

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import onetest_ci
from onetest_ci.bundle.records import Manifest
from onetest_ci.errors import OnetestError
from onetest_ci.exit_codes import ExitCode
from onetest_ci.gate import Gate
from onetest_ci.notices import NOTE, WARNING, Notice, texts
from onetest_ci.push.context import Delivery
from onetest_ci.redaction import Redactor


@dataclass(slots=True, kw_only=True)
class Outcome:
    """All that the outputs tell of.

    Attributes:
        manifest: what was read.
        delivery: what became of it.
        gate: whether the tests' verdict fails the run.
        problems: set-up errors and reports that were not read to their end.
        notes: what became of the run, for people; those of reports are in ``notices``.
        bundle_path: where the bundle was left, None when it is gone.
        exit_code: what the process exits with.
    """

    manifest: Manifest
    delivery: Delivery
    gate: Gate
    problems: list[OnetestError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bundle_path: Path | None = None
    exit_code: int = ExitCode.OK

    def redacted(self, redact: Redactor) -> Self:
        """Return the outcome without secrets: all that outputs escape, encode and show.

        Done once and before that. An escaped, encoded or cut secret could not be recognised, and its removal
        from a JSON document could change what the document says.
        """
        return replace(
            self,
            manifest=self.manifest.redacted(redact),
            delivery=self.delivery.redacted(redact),
            problems=[problem.redacted(redact.text) for problem in self.problems],
            notes=list(map(redact.text, self.notes)),
            bundle_path=self.bundle_path and Path(redact(str(self.bundle_path))),
        )

    @property
    def notices(self) -> list[Notice]:
        """Warnings and notes of reading and of delivery."""
        return [*self.manifest.notices, *self.delivery.notices]

    @property
    def merged_by_name(self) -> list[tuple[str, str]]:
        """Report and name of each test whose results were merged because they have one name."""
        return [
            (row["path"], name) for row in self.manifest.reports for name in row.get("merged_by_name", ())
        ]

    @property
    def linked(self) -> list[tuple[str, str]]:
        """Build and environment for people, as far as the launch carries them; an import carries neither."""
        manifest, delivery = self.manifest, self.delivery
        if delivery.mode == "import":
            return []
        # A launch that was sent without its environment went to another one, as a warning says.
        environment = manifest.environment if delivery.environment_id or not delivery.launches else ""
        facts = (("Build", manifest.build_version), ("Environment", environment))
        return [(label, value) for label, value in facts if value]

    def as_dict(self) -> dict[str, Any]:
        """The JSON outcome; documented in the README."""
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
            "gate": {"fail_on": self.gate.fail_on, "passed": self.gate.passed, "why": self.gate.why},
            "errors": [problem.as_dict() for problem in self.problems],
            "warnings": texts(self.notices, WARNING),
            "notes": [*self.notes, *texts(self.notices, NOTE)],
            "bundle_path": str(self.bundle_path) if self.bundle_path else "",
        }
