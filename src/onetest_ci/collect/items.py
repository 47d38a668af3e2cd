"""From the records of many reports to the items of one bundle."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from onetest_ci.bundle.file_store import FileStore, NotStored, Translate
from onetest_ci.bundle.items import ItemWriter
from onetest_ci.bundle.logs import logs_of, short_failure
from onetest_ci.bundle.records import Failure, Result, StoredCase, StoredFile
from onetest_ci.code_ref import Style
from onetest_ci.code_ref.linking import WHITE_SPACE, is_title
from onetest_ci.code_ref.paths import named_in_checkout
from onetest_ci.code_ref.speller import Speller
from onetest_ci.collect.flat_suites import FlatSuites
from onetest_ci.collect.source_files import Modules, go_file
from onetest_ci.model import BAD, Attachment, Case, Suite
from onetest_ci.notices import NOTE, WARNING, Level, Notice
from onetest_ci.redaction import Redactor
from onetest_ci.reports import FoundFile

MAX_FAILURES: Final = 50
"""Failed cases that a manifest names; the summaries show no more."""

EARLIEST_START: Final = 946_684_800.0
"""2000-01-01. Tools without a clock write year 1 or 1970; a launch must not begin there."""

OUT_OF_REACH: Final = (
    "the container of the action sees the workspace only; "
    "write it there, or use onetest/report-action/composite"
)
"""Why a path outside of the workspace cannot be read in a container action, and what to do."""

_MESSAGE_SHOWN: Final = 500
_PATH_SHOWN: Final = 300
_GO: Final = ".go"
_ROOTS: Final = frozenset("/\\")


class CollectedItems:
    """Numbers suites and cases over all reports, stores attachments, and notes what the manifest needs.

    Args:
        writer: the bundle's items.
        attachments: the bundle's attachments.
        bases: directories that what a report names may start from: the checkout, then the current one.
        style: how code_refs are spelled.
        redact: removes the run's secrets from each record, before any of its texts is cut or written.
        notify: takes what people should know.
        translate: from a path of the machine that ran the tests to one of this machine.
        is_out_of_reach: whether a path of that machine can never be read on this one.

    Attributes:
        flat: finds the suites in which tests of one name are in several places.
        unlinkable: for each reason that no test case can name a test, and whether a person can do something
            about it, how many tests and the first code_ref.
    """

    def __init__(
        self,
        writer: ItemWriter,
        attachments: FileStore,
        *,
        bases: tuple[Path, ...],
        style: Style,
        redact: Redactor,
        notify: Callable[[Notice], None],
        translate: Translate = str,
        is_out_of_reach: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.cases = 0
        self.log_entries = 0
        self.attachment_bytes = 0
        self.superseded: list[int] = []
        self.unlinkable: dict[tuple[str, Level], tuple[int, str]] = {}
        self._writer = writer
        self._attachments = attachments
        self._bases = bases
        self._style = style
        self._redact = redact
        self._has_secrets = bool(redact)
        self._notify = notify
        self._translate = translate
        self._is_out_of_reach = is_out_of_reach
        self._modules = Modules(bases[0])
        self._in_javascript = (bases[0] / "package.json").is_file()
        self._failures: dict[int, Failure] = {}
        self.flat = FlatSuites()
        self._used_suites: set[int] = set()
        self._suites: dict[int, Suite] = {}
        self._suite: int | None = None
        self._refs = Speller()
        # Class and file of the last test: as the report spells them, and as they are here.
        self._classname = self._file_spelled = self._class_here = self._file_here = ""
        self._differs = False
        # Tests in that place that "flat" has not got yet.
        self._names: list[str] = []
        self._start, self._end = math.inf, -math.inf
        self._missed: set[int] = set()
        self._suite_base = self._case_base = 0
        self._next_suite = self._next_case = 0
        self._file: FoundFile | None = None
        self._files_from: tuple[Path, ...] = ()
        self._modules_from: tuple[Path, ...] = ()
        self._report = ""
        self._loose: int | None = None

    @property
    def suites(self) -> int:
        """Suites that hold cases, directly or below, and those that flat ones are split into."""
        return len(self._used_suites) + self.flat.count

    @property
    def span(self) -> tuple[float, float] | None:
        """Earliest start and latest end that the reports tell, in epoch seconds."""
        return (self._start, self._end) if self._start <= self._end else None

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The first cases whose final verdict is bad."""
        return tuple(self._failures.values())[:MAX_FAILURES]

    def add(self, file: FoundFile, records: Sequence[Suite | Case]) -> None:
        """Take the next records of a report."""
        if file is not self._file:
            self._file = file
            self._begin(file)
        for record in records:
            if isinstance(record, Suite):
                self._add_suite(record)
            else:
                self._add_case(record)
        self._tell_names()

    def _begin(self, report: FoundFile) -> None:
        """Start with another report; its ordinals begin at 0 again."""
        self._files_from = tuple(dict.fromkeys((report.path.parent, *self._bases)))
        # pytest's modules start from where it ran, which may be a folder of the checkout.
        above = (folder for folder in report.path.parents if folder.is_relative_to(self._bases[0]))
        self._modules_from = tuple(dict.fromkeys((*self._bases, *above)))
        self._refs = Speller(
            self._modules_from, self._style, self._translate, self._redact, self._modules.start_of
        )
        self._missed.clear()
        self._suite = None
        self._report = report.display
        self._suite_base, self._case_base = self._next_suite, self._next_case
        self._suites.clear()
        self._loose = None

    def _add_suite(self, suite: Suite) -> None:
        ordinal = self._suite_base + suite.ordinal
        parent = None if suite.parent is None else self._suite_base + suite.parent
        self._next_suite = max(self._next_suite, ordinal + 1)
        file = self._translate(suite.file) if suite.file else ""
        name = self._named_here(suite.name)
        numbered = suite._replace(ordinal=ordinal, parent=parent, name=name, file=file)
        redacted = self._redact.suite(numbered)
        # References begin at files as they are on the disk.
        self._suites[ordinal] = redacted._replace(file=file)
        if suite.start is not None:
            self._span(suite.start, 0.0)
        self._writer.suite(redacted)

    def _add_case(self, case: Case) -> None:
        ordinal = self._case_base + case.ordinal
        if ordinal >= self._next_case:
            self._next_case = ordinal + 1
        suite = self._loose_suite() if case.suite is None else self._suite_base + case.suite
        name = case.name
        if suite != self._suite or case.classname != self._classname or case.file != self._file_spelled:
            self._go_to(suite, case)
        self._names.append(name)
        # Few names begin as an absolute path does.
        if self._differs or name[:1] in _ROOTS or name[1:2] == ":":
            case = self._told_here(case)
        attachments = case.attachments
        ref, problem = self._refs.spell(case)
        if problem or self._has_secrets:
            case, ref = self._checked(case, ref, problem)
        if ordinal != case.ordinal or suite != case.suite:
            retry_of = None if case.retry_of is None else self._case_base + case.retry_of
            case = case.numbered(ordinal, suite, retry_of)
        files: tuple[StoredFile, ...] = ()
        if attachments:
            files = self._files(attachments)
            case = case._replace(attachments=tuple(one._replace(content=None) for one in case.attachments))
        self._writer.case(case, ref, files)
        self.cases += 1
        if case.start is not None:
            self._span(case.start, case.seconds or 0.0)
        if case.status in BAD or case.retry_of is not None or case.attempts or files:
            self._note(case, ref, files)

    def _note(self, case: Case, ref: str, files: tuple[StoredFile, ...]) -> None:
        """Take what only few cases have: a failure, earlier attempts, files."""
        if case.retry_of is not None:
            self._supersede(case.retry_of)
        bad = case.status in BAD
        if bad:
            self._note_failure(case)
        if bad or case.attempts or files:
            self.log_entries += len(logs_of(Result(StoredCase(case, ref, files))))
            self.attachment_bytes += sum(file.size for file in files)

    def _checked(self, case: Case, ref: str, problem: str) -> tuple[Case, str]:
        """Return a case and its reference, both without secrets; count it if no test case can name it."""
        if self._has_secrets and self._redact.may_be_in_case(case, ref):
            redacted = self._redact.case(case)
            # References begin at files as they are on the disk.
            ref, problem = self._refs.spell(redacted._replace(file=case.file))
            case, ref = redacted, self._redact(ref)
        if problem:
            level: Level = NOTE if problem == WHITE_SPACE and self._is_title(ref, case) else WARNING
            count, first = self.unlinkable.get((problem, level)) or (0, ref)
            self.unlinkable[problem, level] = (count + 1, first)
        return case, ref

    def _is_title(self, ref: str, case: Case) -> bool:
        """Whether a test is named by titles, which have white space and no other name beside them."""
        return is_title(ref) or (not case.file and ":" not in ref and self._in_javascript)

    def _go_to(self, suite: int, case: Case) -> None:
        """The next tests are in another suite, class or file than the one before."""
        self._tell_names()
        if suite != self._suite:
            self._enter(suite)
        if case.file != self._file_spelled:
            self._file_spelled = case.file
            self._file_here = self._translate(case.file) if case.file else ""
        self._classname, self._class_here = case.classname, self._named_here(case.classname)
        here = self._file_here, self._class_here
        self._differs = here != (case.file, case.classname) or case.file.endswith(_GO)

    def _tell_names(self) -> None:
        """Pass on the names of the tests that are in one place."""
        if self._names and self._suite is not None:
            self.flat.add(self._suite, (self._class_here, self._file_here), self._names)
        self._names.clear()

    def _told_here(self, case: Case) -> Case:
        """A case with names and a file as they are in this checkout."""
        file = self._file_here
        if file.endswith(_GO) and "/" not in file:
            file = go_file(file, case.classname, self._modules_from)
        return case._replace(file=file, name=self._named_here(case.name), classname=self._class_here)

    def _named_here(self, name: str) -> str:
        """A name that does not depend on the machine."""
        if name[:1] in _ROOTS or name[1:2] == ":":
            return named_in_checkout(name, self._bases, self._translate)
        return name

    def _enter(self, suite: int) -> None:
        """The next cases are in another suite."""
        self._suite = suite
        self._refs.enter(self._around(suite))
        self._use(suite)

    def _supersede(self, ordinal: int) -> None:
        self.superseded.append(ordinal)
        self._failures.pop(ordinal, None)
        self.cases -= 1

    def _around(self, ordinal: int | None) -> tuple[Suite, ...]:
        """The suites around a case, from the outermost to its own; not the one that stands for the report."""
        found: list[Suite] = []
        while ordinal is not None and ordinal >= 0:
            found.append(self._suites[ordinal])
            ordinal = found[-1].parent
        return tuple(reversed(found))

    def _note_failure(self, case: Case) -> None:
        # More than are shown are kept, since a later attempt may still turn some of them green.
        if len(self._failures) < 2 * MAX_FAILURES:
            self._failures[case.ordinal] = Failure(
                name=case.name[:_MESSAGE_SHOWN],
                suite=case.classname[:_MESSAGE_SHOWN],
                status=case.status,
                message=(short_failure(case) or case.details)[:_MESSAGE_SHOWN],
                file=case.file[:_MESSAGE_SHOWN],
                line=case.line,
            )

    def _use(self, ordinal: int | None) -> None:
        while ordinal is not None and ordinal not in self._used_suites:
            self._used_suites.add(ordinal)
            ordinal = self._suites[ordinal].parent

    def _span(self, start: float, seconds: float) -> None:
        if not self._start <= start and start >= EARLIEST_START:
            self._start = start
        if start + seconds > self._end and start >= EARLIEST_START:
            self._end = start + seconds

    def _loose_suite(self) -> int:
        """The suite, named after the report, that holds cases which stand outside any.

        Its number is that of no suite of the report: those count up from the base, these down from -1.
        """
        if self._loose is None:
            self._loose = -1 - self._case_base
            suite = self._redact.suite(Suite(self._loose, None, PurePosixPath(self._report).name))
            self._suites[self._loose] = suite
            self._writer.suite(suite)
        return self._loose

    def _files(self, attachments: Sequence[Attachment]) -> tuple[StoredFile, ...]:
        """Those that were found; a file that is named twice, in whatever ways, is there once."""
        stored = (self._store(attachment) for attachment in attachments)
        return tuple({(file.name, file.file): file for file in stored if file is not None}.values())

    def _store(self, attachment: Attachment) -> StoredFile | None:
        try:
            if attachment.content is not None:
                return self._attachments.add_content(attachment.content, self._redact(attachment.name))
            found = self._attachments.find(attachment.path, self._files_from, self._translate)
            return self._attachments.add(found, self._redact(attachment.name or found.name))
        except NotStored as reason:
            # Many tests of a report may name one and the same file.
            named = attachment.path or attachment.name
            if (missed := hash(named)) not in self._missed:
                self._missed.add(missed)
                why = OUT_OF_REACH if self._is_out_of_reach(attachment.path) else reason
                named = self._redact(named)[:_PATH_SHOWN]
                self._notify(Notice("attachment", f"Attachment {named!r} of {self._report}: {why}.", named))
            return None
