"""The records of a bundle: stored files and cases, results, and the manifest.

Those with many defaults are structs, which take a thirtieth of the time of a dataclass to make.
"""

from typing import Any, Final, NamedTuple, Self

from msgspec import Struct, field
from msgspec.structs import replace

from onetest_ci.model import BAD, PASSED, Attempt, Case
from onetest_ci.notices import Notice
from onetest_ci.redaction import Redactor

TOTALS: Final[dict[str, int | float]] = {
    "tests": 0,
    "passed": 0,
    "failures": 0,
    "errors": 0,
    "skipped": 0,
    "flaky": 0,
    "seconds": 0.0,
    "attachments": 0,
}
"""The totals of a manifest, each with its default."""


class StoredFile(NamedTuple):
    """A file inside the bundle.

    Attributes:
        name: for people, at most 255 characters.
        file: its place, relative to the bundle.
        content_type: MIME type of its content.
        size: bytes.
    """

    name: str
    file: str
    content_type: str
    size: int

    def redacted(self, redact: Redactor) -> "StoredFile":
        """Return the file under a name without secrets."""
        name = redact(self.name)
        return self if name == self.name else self._replace(name=name)


class FileDigest(NamedTuple):
    """A file of a bundle and the fingerprint of its content.

    Attributes:
        file: its place, relative to the bundle.
        size: bytes.
        sha256: of its content, in hexadecimal digits.
    """

    file: str
    size: int
    sha256: str


class StoredCase(NamedTuple):
    """A case in the bundle, with data from the checkout and the file system.

    Attributes:
        case: from the report. Ordinals count over the whole bundle.
        code_ref: links it to a test case in OneTest (docs/onetest-api.md#linking-to-test-cases).
        files: its attachments that were found.
    """

    case: Case
    code_ref: str
    files: tuple[StoredFile, ...]

    def redacted(self, redact: Redactor) -> "StoredCase":
        """Return the case without secrets."""
        files = tuple(file.redacted(redact) for file in self.files)
        return StoredCase(redact.case(self.case), redact(self.code_ref), files)


class Result(NamedTuple):
    """A case with its final verdict, and the earlier cases that it repeats, oldest first."""

    stored: StoredCase
    earlier: tuple[StoredCase, ...] = ()

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """All attempts before the final one, oldest first."""
        before = tuple(
            attempt for one in self.earlier for attempt in (*one.case.attempts, one.case.as_attempt())
        )
        return before + self.stored.case.attempts

    @property
    def flaky(self) -> bool:
        """Whether the case passed only after a failed attempt."""
        return self.stored.case.status == PASSED and any(attempt.status in BAD for attempt in self.attempts)


class Failure(Struct, frozen=True, kw_only=True):
    """A failed case, as the summary shows it.

    Attributes:
        name: of the case, with its parameters.
        suite: its suite. May be empty.
        status: failed or error.
        message: the short text of the failure.
        file: source file, as the report spells it. May be empty.
        line: line in that file. None if unknown.
    """

    name: str
    suite: str
    status: str
    message: str
    file: str
    line: int | None

    def redacted(self, redact: Redactor) -> Self:
        """Return the failure without secrets."""
        return replace(
            self,
            name=redact(self.name),
            suite=redact(self.suite),
            message=redact.text(self.message),
            file=redact(self.file),
        )


class Manifest(Struct, frozen=True, kw_only=True):
    """The launch, the reports and the files of a bundle.

    Attributes:
        launch_uuid: UUID of the launch. Those of its items are derived from it.
        launch_name: at most 256 characters.
        launch_description: may be empty.
        attributes: key and value pairs of the launch.
        start_ms: earliest time in the reports, else the time of collection; epoch milliseconds.
        end_ms: latest time, at least ``start_ms``.
        environment: its name. May be empty.
        environment_url: its address, to create a missing environment. May be empty.
        build_version: may be empty.
        commit: full commit id of the code under test, may be empty.
        untrusted: the reason why the run gets no secrets, such as a fork's pull request. Else empty.
        reports: one row for each report file, as ``inspect`` shows it.
        totals: numbers of tests in all reports, by verdict. ``verify`` compares the items with them.
        files: a digest of each file that delivery reads, except the manifest.
        skipped_files: number of files in directories and globs that are not reports.
        not_reports: path and reason of the first of these.
        left_out_directories: number of directories that were not searched.
        suites: number of suites with cases. The parts of flat suites count, too.
        flat_suites: ordinals of suites in which tests of one name are in several groups.
        cases: number of cases to send, without superseded attempts.
        log_entries: maximum number of log entries to send.
        attachment_bytes: size of all attachments.
        superseded: ordinals of cases that a later case repeats.
        artifacts: files of the run.
        failures: the first failed cases.
        notices: warnings and notes of collecting.
    """

    launch_uuid: str
    launch_name: str
    launch_description: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    start_ms: int
    end_ms: int
    environment: str = ""
    environment_url: str = ""
    build_version: str = ""
    commit: str = ""
    untrusted: str = ""
    reports: tuple[dict[str, Any], ...] = ()
    totals: dict[str, int | float] = field(default_factory=dict)
    files: tuple[FileDigest, ...] = ()
    skipped_files: int = 0
    not_reports: tuple[dict[str, str], ...] = ()
    left_out_directories: int = 0
    suites: int = 0
    flat_suites: tuple[int, ...] = ()
    cases: int = 0
    log_entries: int = 0
    attachment_bytes: int = 0
    superseded: tuple[int, ...] = ()
    artifacts: tuple[StoredFile, ...] = ()
    failures: tuple[Failure, ...] = ()
    notices: tuple[Notice, ...] = ()

    def redacted(self, redact: Redactor) -> Self:
        """Return the manifest without the secrets in its texts."""
        if not redact:
            return self
        return replace(
            self,
            launch_name=redact(self.launch_name),
            launch_description=redact.text(self.launch_description),
            attributes=tuple((redact(key), redact(value)) for key, value in self.attributes),
            environment=redact(self.environment),
            environment_url=redact(self.environment_url),
            build_version=redact(self.build_version),
            reports=tuple(redact.row(row) for row in self.reports),
            not_reports=tuple(redact.row(row) for row in self.not_reports),
            artifacts=tuple(file.redacted(redact) for file in self.artifacts),
            failures=tuple(failure.redacted(redact) for failure in self.failures),
            notices=tuple(notice.redacted(redact, redact.text) for notice in self.notices),
        )
