"""Writing and reading a bundle's files."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID, uuid5

from onetest_ci.bundle.records import Failure, Manifest, Result, StoredCase, StoredFile
from onetest_ci.errors import BundleError
from onetest_ci.model import Attachment, Attempt, Case, Suite
from onetest_ci.redaction import Redactor

SCHEMA: Final = 1
MANIFEST: Final = "bundle.json"
ITEMS: Final = "items.jsonl"
DELIVERY: Final = "delivery.jsonl"
ATTACHMENTS: Final = "attachments"
ARTIFACTS: Final = "artifacts"

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
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
        self._write({"suite": _without_defaults(suite)})

    def case(self, stored: StoredCase) -> None:
        """Write a case."""
        row = _without_defaults(stored.case)
        if stored.code_ref:
            row["code_ref"] = stored.code_ref
        if stored.files:
            row["files"] = stored.files
        self._write({"case": row})

    def _write(self, row: dict[str, Any]) -> None:
        text = self._redact(_ENCODER.encode(row))
        try:
            self._file.write(f"{text}\n")
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
            BundleError: it is missing, was not collected to its end, or is of a newer schema.
        """
        try:
            document = json.loads((directory / MANIFEST).read_bytes())
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
        if not isinstance(document, dict) or "schema" not in document:
            raise BundleError(
                "bad-bundle", f"{directory / MANIFEST} describes no bundle.", "Collect the reports again."
            )
        if document["schema"] != SCHEMA:
            raise BundleError(
                "newer-bundle",
                f"{directory} has schema {document['schema']!r}; this version reads {SCHEMA}.",
                "Push it with the version of onetest-ci that collected it.",
            )
        return cls(directory, _manifest(directory, document))

    def items(self) -> Iterator[Suite | StoredCase]:
        """Suites and cases in the order of the reports.

        Raises:
            BundleError: they are missing or damaged.
        """
        number = 0
        try:
            with (self.directory / ITEMS).open("rb") as lines:
                for number, line in enumerate(lines, 1):  # noqa: B007 - the error names the line
                    row = json.loads(line)
                    yield _suite(row["suite"]) if "suite" in row else _case(row["case"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BundleError(
                "bad-bundle",
                f"{self.directory / ITEMS} is missing or damaged (line {number}): {problem}.",
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
        for item in self.items():
            if isinstance(item, Suite):
                yield item
                continue
            case = item.case
            earlier = () if case.retry_of is None else waiting.pop(case.retry_of, ())
            if case.ordinal in superseded:
                waiting[case.ordinal] = (*earlier, item)
            else:
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


def _without_defaults(record: Suite | Case) -> dict[str, Any]:
    defaults = record._field_defaults
    return {
        name: value for name, value in zip(record._fields, record, strict=True) if value != defaults.get(name)
    }


def _manifest(directory: Path, document: dict[str, Any]) -> Manifest:
    known = {item.name for item in fields(Manifest)}
    values = {name: value for name, value in document.items() if name in known}
    try:
        values["launch_uuid"] = str(UUID(values["launch_uuid"]))
        values["attributes"] = tuple((str(key), str(value)) for key, value in values["attributes"])
        values["artifacts"] = tuple(StoredFile(*item) for item in values["artifacts"])
        values["failures"] = tuple(Failure(**item) for item in values["failures"])
        for name in ("reports", "superseded", "warnings"):
            values[name] = tuple(values[name])
        return Manifest(**values)
    except (KeyError, TypeError, ValueError) as problem:
        raise BundleError(
            "bad-bundle", f"{directory / MANIFEST} is damaged: {problem}.", "Collect the reports again."
        ) from None


def _suite(row: dict[str, Any]) -> Suite:
    row.setdefault("parent", None)
    row.setdefault("name", "")
    row["properties"] = _pairs(row)
    return Suite(**row)


def _case(row: dict[str, Any]) -> StoredCase:
    code_ref = str(row.pop("code_ref", ""))
    files = tuple(StoredFile(*item) for item in row.pop("files", ()))
    row.setdefault("suite", None)
    row["properties"] = _pairs(row)
    row["attachments"] = tuple(Attachment(*item) for item in row.get("attachments", ()))
    row["attempts"] = tuple(Attempt(*item) for item in row.get("attempts", ()))
    return StoredCase(Case(**row), code_ref, files)


def _pairs(row: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in row.get("properties", ()))
