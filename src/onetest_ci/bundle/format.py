"""Writing and reading a bundle's files."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from itertools import compress
from json.encoder import encode_basestring
from operator import ne
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Self
from uuid import UUID, uuid5

from onetest_ci.bundle.entries import refuse_special
from onetest_ci.bundle.records import Manifest, Result, StoredCase, StoredFile
from onetest_ci.bundle.shape import number, parse, record_of
from onetest_ci.errors import BundleError
from onetest_ci.model import Case, Suite
from onetest_ci.redaction import Redactor
from onetest_ci.reports.counts import Counts

SCHEMA: Final = 1
MANIFEST: Final = "bundle.json"
ITEMS: Final = "items.jsonl"
DELIVERY: Final = "delivery.jsonl"
ATTACHMENTS: Final = "attachments"
ARTIFACTS: Final = "artifacts"

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_COUNTS: Final = ("skipped_files", "suites", "cases", "log_entries", "attachment_bytes")
# Far more than collect writes, and less than would fill a memory: whoever made the bundle chose the lengths.
_LONGEST_LINE: Final = 64 * 1024 * 1024
_LARGEST_MANIFEST: Final = 256 * 1024 * 1024
# As deep as reports are read.
_DEEPEST_SUITE: Final = 500
_STORED_FILE: Final = re.compile(r"(attachments|artifacts)/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")


class ItemWriter:
    """Appends suites and cases to a new bundle.

    Args:
        directory: the bundle; must exist.
        redact: removes the run's keys from what the reports say.
    """

    def __init__(self, directory: Path, redact: Redactor) -> None:
        self._redact = redact
        self._directory = directory
        # What UTF-8 cannot carry, half a character, becomes a question mark.
        self._file = (directory / ITEMS).open("x", encoding="utf-8", errors="replace", newline="\n")

    def suite(self, suite: Suite) -> None:
        """Write a suite."""
        self._write(f'{{"suite":{{{_fields(suite)}}}}}')

    def case(self, stored: StoredCase) -> None:
        """Write a case."""
        row = _fields(stored.case)
        if stored.code_ref:
            row += f',"code_ref":{encode_basestring(stored.code_ref)}'
        if stored.files:
            row += f',"files":{_ENCODER.encode(stored.files)}'
        self._write(f'{{"case":{{{row}}}}}')

    def _write(self, row: str) -> None:
        try:
            self._file.write(f"{self._redact(row)}\n")
        except OSError as problem:
            raise not_written(self._directory, problem) from None

    def close(self) -> None:
        """Flush to disk."""
        try:
            self._file.close()
        except OSError as problem:
            raise not_written(self._directory, problem) from None


@dataclass(frozen=True, slots=True)
class Bundle:
    """A collected bundle, ready to be delivered.

    Attributes:
        directory: where it is.
        manifest: what it is about.
    """

    directory: Path
    manifest: Manifest

    @classmethod
    def write(cls, directory: Path, manifest: Manifest, redact: Redactor) -> Self:
        """Complete a bundle whose items are written; ``redact`` removes the run's keys from the text."""
        temporary = directory / f"{MANIFEST}.new"
        document = {"schema": SCHEMA, **asdict(manifest)}
        text = redact(json.dumps(document, ensure_ascii=False, indent=1))
        temporary.write_text(f"{text}\n", encoding="utf-8", errors="replace")
        temporary.replace(directory / MANIFEST)
        # Read back, so that what is shown and sent from here on is without the keys as well.
        return cls.open(directory)

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open a bundle.

        Raises:
            BundleError: it is missing, was not collected to its end, is damaged or of a newer schema, or
                holds links.
        """
        try:
            refuse_special(directory)
            document = parse(_bounded(directory / MANIFEST))
        except FileNotFoundError:
            raise BundleError(
                "no-bundle",
                f"{directory} holds no bundle (no {MANIFEST} in it).",
                "Name the directory that `collect` or `report` printed.",
            ) from None
        except (OSError, ValueError) as problem:
            raise BundleError(
                "bad-bundle",
                f"{directory / MANIFEST} cannot be read: {problem}.",
                "Collect the reports again.",
            ) from None
        if not isinstance(document, dict) or type(document.get("schema")) is not int:
            raise BundleError(
                "bad-bundle", f"{directory / MANIFEST} describes no bundle.", "Collect the reports again."
            )
        if document["schema"] != SCHEMA:
            raise BundleError(
                "newer-bundle",
                f"{directory} has schema {document['schema']}; this version reads {SCHEMA}.",
                "Push it with the version of onetest-ci that collected it.",
            )
        return cls(directory, _manifest(directory, document))

    def items(self) -> Iterator[Suite | StoredCase]:
        """Suites and cases in the order of the reports.

        Raises:
            BundleError: they are missing or damaged.
        """
        line_number = 0
        tree = _Tree()
        try:
            with (self.directory / ITEMS).open("rb") as lines:
                for line_number, line in enumerate(_lines(lines), 1):  # noqa: B007 - the error names the line
                    yield tree.item(parse(line))
        except (OSError, ValueError) as problem:
            raise BundleError(
                "bad-bundle",
                f"{self.directory / ITEMS} is missing or damaged (line {line_number}): {problem}.",
                "Collect the reports again.",
            ) from None

    def items_size(self) -> int:
        """Bytes of all suites and cases as they are stored.

        Raises:
            BundleError: they are missing.
        """
        try:
            return (self.directory / ITEMS).stat().st_size
        except OSError as problem:
            raise BundleError(
                "bad-bundle",
                f"{self.directory / ITEMS} cannot be read: {problem.strerror}.",
                "Collect the reports again.",
            ) from None

    def results(self) -> Iterator[Suite | Result]:
        """Suites, and cases with their final verdict: superseded ones come with the one that repeats them."""
        superseded = frozenset(self.manifest.superseded)
        waiting: dict[int, tuple[StoredCase, ...]] = {}
        left = self.manifest.cases
        for item in self.items():
            if isinstance(item, Suite):
                yield item
                continue
            case = item.case
            earlier = () if case.retry_of is None else waiting.pop(case.retry_of, ())
            if case.ordinal in superseded:
                waiting[case.ordinal] = (*earlier, item)
                continue
            # What delivery costs was estimated by that number.
            left -= 1
            if left < 0:
                raise BundleError(
                    "bad-bundle",
                    f"{self.directory} holds more cases than the {self.manifest.cases:,} that it tells of.",
                    "Collect the reports again.",
                )
            yield Result(item, earlier)

    def path_of(self, stored: StoredFile) -> Path:
        """Where a stored file is; never outside the bundle.

        Raises:
            BundleError: the bundle names a place that it could not have stored a file at.
        """
        path = self.directory / stored.file
        if not _STORED_FILE.fullmatch(stored.file) or path.is_symlink():
            raise BundleError("bad-bundle", f"The bundle names a file outside itself: {stored.file!r}.")
        return path

    def item_uuid(self, kind: str, ordinal: int) -> str:
        """The UUID of a suite or case."""
        return str(uuid5(UUID(self.manifest.launch_uuid), f"{kind}/{ordinal}"))


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(_LARGEST_MANIFEST + 1)
    if len(content) > _LARGEST_MANIFEST:
        raise ValueError(f"it has more than {_LARGEST_MANIFEST:,} bytes")
    return content


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise ValueError(f"it is longer than {_LONGEST_LINE:,} bytes")
        yield line


def not_written(directory: Path, problem: OSError) -> BundleError:
    """The error for a bundle that the file system does not take."""
    return BundleError(
        "bundle-not-written",
        f"The bundle cannot be written to {directory}: {problem.strerror or problem}.",
        "Name another place with --bundle, or make room there.",
    )


def is_bundle(directory: Path) -> bool:
    """Whether a directory holds a collected bundle."""
    return (directory / MANIFEST).is_file()


# How JSON spells what a record has, by its type; of each field its name, and what goes without saying.
_SPELLED: Final[dict[type, Callable[[Any], str]]] = {
    str: encode_basestring,
    int: repr,
    float: repr,
    tuple: _ENCODER.encode,
    type(None): _ENCODER.encode,
}
_KEYS: Final = {kind: tuple(f'"{name}":' for name in kind._fields) for kind in (Suite, Case)}
_DEFAULTS: Final = {
    kind: tuple(kind._field_defaults.get(name) for name in kind._fields) for kind in (Suite, Case)
}


def _fields(record: Suite | Case) -> str:
    """Inside of a JSON object, without what is default: in a third of the time that a dict and json take."""
    kind = type(record)
    said = list(map(ne, record, _DEFAULTS[kind]))
    pairs = zip(compress(_KEYS[kind], said), compress(record, said), strict=True)
    return ",".join([key + _SPELLED[type(value)](value) for key, value in pairs])


def _manifest(directory: Path, document: dict[str, Any]) -> Manifest:
    known = {item.name for item in fields(Manifest)}
    values = {name: value for name, value in document.items() if name in known}
    try:
        manifest = record_of(Manifest, values)
        _check_counts({name: getattr(manifest, name) for name in _COUNTS})
        for file in manifest.artifacts:
            _check_place(file)
        none = Counts().as_dict()
        _check_counts(manifest.totals, frozenset(none))
        uuid = str(UUID(manifest.launch_uuid))
        return replace(manifest, launch_uuid=uuid, totals=none | manifest.totals)
    except ValueError as problem:
        raise BundleError(
            "bad-bundle", f"{directory / MANIFEST} is damaged: {problem}.", "Collect the reports again."
        ) from None


def _check_counts(told: dict[str, Any], known: frozenset[str] = frozenset(_COUNTS)) -> None:
    for name, value in told.items():
        if name not in known or number(value) < 0:
            raise ValueError(f"{name[:40]!r} is no count")


def _check_place(file: StoredFile) -> None:
    if not _STORED_FILE.fullmatch(file.file):
        raise ValueError(f"the place {file.file[:200]!r} is not one of a bundle")


class _Tree:
    """Makes suites and cases of rows, each in a suite that came before: no cycle, and bounded in depth."""

    def __init__(self) -> None:
        self._depths: dict[int | None, int] = {None: 0}

    def item(self, row: Any) -> Suite | StoredCase:
        """Make what a line says.

        Raises:
            ValueError: the line is of another shape, or what it says has no place among those before.
        """
        if type(row) is dict and len(row) == 1:
            if "case" in row:
                return self._case(row["case"])
            if "suite" in row:
                return self._suite(row["suite"])
        raise ValueError("it is neither a suite nor a case")

    def _suite(self, row: Any) -> Suite:
        suite = record_of(Suite, row if type(row) is not dict else {"parent": None, **row})
        depth = self._depth(suite.parent) + 1
        if suite.ordinal in self._depths or depth > _DEEPEST_SUITE:
            raise ValueError("the suite was there before, or is nested too deep")
        self._depths[suite.ordinal] = depth
        return suite

    def _case(self, row: Any) -> StoredCase:
        if type(row) is not dict:
            raise ValueError("the case is no object")
        code_ref = row.pop("code_ref", "")
        if type(code_ref) is not str:
            raise ValueError("code_ref: it is no text")
        files = record_of(_Files, {"files": row.pop("files")}).files if "files" in row else ()
        for file in files:
            _check_place(file)
        row.setdefault("suite", None)
        case = record_of(Case, row)
        self._depth(case.suite)
        return StoredCase(case, code_ref, files)

    def _depth(self, ordinal: int | None) -> int:
        depth = self._depths.get(ordinal)
        if depth is None:
            raise ValueError(f"no suite {ordinal} came before")
        return depth


class _Files(NamedTuple):
    files: tuple[StoredFile, ...]
