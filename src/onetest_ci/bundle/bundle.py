"""Write and read a bundle."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Self
from uuid import UUID, uuid5

from msgspec.json import format as format_json
from msgspec.structs import asdict, replace

from onetest_ci.bundle.directory_scan import refuse_special
from onetest_ci.bundle.flat_suites import split_flat_suites
from onetest_ci.bundle.items import ITEMS, Skip, check_digest, check_place, read_items, read_items_on
from onetest_ci.bundle.manifest_digest import (
    HEAD_BYTES,
    OPENING_BYTES,
    SCHEMA,
    check_digest_of_manifest,
    digest_in,
    manifest_head,
)
from onetest_ci.bundle.records import TOTALS, Manifest, Result, StoredCase, StoredFile
from onetest_ci.bundle.schema import ENCODER, MANIFEST_DECODER, SCHEMA_DECODER, check_bounds, decoded
from onetest_ci.errors import BundleError
from onetest_ci.model import Suite, new_record
from onetest_ci.redaction import Redactor

MANIFEST: Final = "bundle.json"
DELIVERY: Final = "delivery.jsonl"
DELIVERY_COUNT: Final = "delivery.count"
ATTACHMENTS: Final = "attachments"
ARTIFACTS: Final = "artifacts"

FETCH_AGAIN: Final = "Fetch the bundle again from where it was collected, or collect the reports again."
"""Hint for a bundle that was damaged on its way."""

_COUNTS: Final = (
    "skipped_files",
    "left_out_directories",
    "suites",
    "cases",
    "log_entries",
    "attachment_bytes",
)
# Far more than collect writes, and less than would fill the memory: an untrusted author chose the lengths.
_LARGEST_MANIFEST: Final = 256 * 1024 * 1024
_NO_SECRETS: Final = Redactor.none()


class Bundle(NamedTuple):
    """A collected bundle, ready to be delivered.

    Attributes:
        directory: of the bundle.
        manifest: the launch, the reports and the list of files.
        digest: of the manifest. It identifies the bundle.
        redact: removes the secrets of the run that reads the bundle.
    """

    directory: Path
    manifest: Manifest
    digest: str
    redact: Redactor = _NO_SECRETS

    @classmethod
    def write(cls, directory: Path, manifest: Manifest) -> Self:
        """Write the manifest, after all other files. Its texts must be without secrets."""
        temporary = directory / f"{MANIFEST}.new"
        document = asdict(manifest)
        try:
            content = ENCODER.encode(document)
        except UnicodeEncodeError:
            # A lone surrogate becomes a question mark.
            content = json.dumps(document, ensure_ascii=False, default=asdict).encode("utf-8", "replace")
        content = bytes(format_json(content, indent=1) + b"\n")
        with temporary.open("wb") as file:
            file.write(manifest_head(content))
            file.write(memoryview(content)[OPENING_BYTES:])
        temporary.replace(directory / MANIFEST)
        del manifest, document, content
        # Read it, so that this run shows and sends the same as a later push.
        return cls.open(directory)

    @classmethod
    def open(cls, directory: Path, redact: Redactor | None = None) -> Self:
        """Open a bundle.

        Args:
            directory: of the bundle.
            redact: removes the secrets of this run from texts: the run that collected the bundle may not have
                had them. Files are sent unchanged.

        Raises:
            BundleError: the bundle is missing, incomplete, of another schema, or contains links; or its
                manifest is damaged.
        """
        try:
            refuse_special(directory)
            content = _bounded(directory / MANIFEST)
            schema = decoded(SCHEMA_DECODER, content).schema
        except FileNotFoundError:
            raise BundleError(
                "no-bundle",
                f"{directory} does not contain a bundle (no {MANIFEST} in it).",
                "Name the directory that `collect` or `report` printed.",
            ) from None
        except (OSError, ValueError) as problem:
            raise _bad(f"{directory / MANIFEST} cannot be read: {problem}") from None
        if schema != SCHEMA:
            raise _other_schema(directory, schema)
        manifest, digest = _manifest(directory, content)
        redact = redact or _NO_SECRETS
        return cls(directory, manifest.redacted(redact), digest, redact)

    def items(self, skip: Skip | None = None) -> Iterator[Suite | StoredCase]:
        """Yield suites and cases in the order of the reports, without those that ``skip`` chooses.

        Raises:
            BundleError: they are missing or damaged.
        """
        return self._clean(read_items(self.directory, skip))

    def items_on(self, lines: Iterable[int]) -> Iterator[Suite | StoredCase]:
        """Yield the suites and cases on some lines of the items, as ``read_items_on`` does.

        Raises:
            BundleError: they are missing or damaged.
        """
        return self._clean(read_items_on(self.directory, lines))

    def _clean(self, items: Iterator[Suite | StoredCase]) -> Iterator[Suite | StoredCase]:
        return map(self._redacted, items) if self.redact else items

    def _redacted(self, item: Suite | StoredCase) -> Suite | StoredCase:
        return self.redact.suite(item) if isinstance(item, Suite) else item.redacted(self.redact)

    def items_size(self) -> int:
        """Return the size of all suites and cases in the bundle, in bytes.

        Raises:
            BundleError: they are missing.
        """
        try:
            return (self.directory / ITEMS).stat().st_size
        except OSError as problem:
            raise _bad(f"{self.directory / ITEMS} cannot be read: {problem.strerror}") from None

    def results(self) -> Iterator[Suite | Result]:
        """Yield what ``results_as_reported`` does, with flat suites split."""
        flat = frozenset(self.manifest.flat_suites)
        return split_flat_suites(self.results_as_reported(), flat) if flat else self.results_as_reported()

    def results_as_reported(self, skip: Skip | None = None) -> Iterator[Suite | Result]:
        """Yield suites, and cases with their final verdict, each with the earlier cases that it repeats.

        Args:
            skip: chooses cases that are left out. They are not counted then.

        Raises:
            BundleError: the items are missing or damaged.
        """
        superseded = frozenset(self.manifest.superseded)
        waiting: dict[int, tuple[StoredCase, ...]] = {}
        left = self.manifest.cases
        for item in self.items(skip):
            if isinstance(item, Suite):
                yield item
                continue
            case = item.case
            earlier = () if case.retry_of is None else waiting.pop(case.retry_of, ())
            if case.ordinal in superseded:
                waiting[case.ordinal] = (*earlier, item)
                continue
            left -= 1
            if left >= 0:
                yield new_record(Result, (item, earlier))
        if left and skip is None:
            found, counted = self.manifest.cases - left, self.manifest.cases
            raise _bad(
                f"{self.directory / ITEMS} contains {found:,} tests, and {MANIFEST} counts {counted:,}"
            )
        if waiting:
            raise _bad(f"{self.directory / ITEMS} lacks the repeat of the test {next(iter(waiting))}")

    def path_of(self, stored: StoredFile) -> Path:
        """Return the path of a stored file, which is never outside of the bundle.

        Raises:
            BundleError: the bundle names a place at which no file is stored.
        """
        path = self.directory / stored.file
        try:
            check_place(stored)
        except ValueError as problem:
            raise BundleError("bad-bundle", f"In the bundle, {problem}.") from None
        if path.is_symlink():
            raise BundleError(
                "bad-bundle", f"{path} is a link. A bundle contains only files and directories."
            )
        return path

    def item_uuid(self, key: str) -> str:
        """Return the UUID of a suite or case, by the key of its step."""
        return str(uuid5(UUID(self.manifest.launch_uuid), key))


def _bad(message: str) -> BundleError:
    return BundleError("bad-bundle", message, FETCH_AGAIN)


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(_LARGEST_MANIFEST + 1)
    if len(content) > _LARGEST_MANIFEST:
        raise ValueError(f"it has more than {_LARGEST_MANIFEST:,} bytes")
    return content


def is_bundle(directory: Path) -> bool:
    """Return whether a directory contains a collected bundle."""
    return (directory / MANIFEST).is_file()


def digest_of_bundle(directory: Path) -> str:
    """Return the digest in the manifest of a bundle, unchecked. Empty if there is none."""
    try:
        with (directory / MANIFEST).open("rb") as file:
            return digest_in(file.read(HEAD_BYTES))
    except OSError:
        return ""


def _other_schema(directory: Path, schema: int) -> BundleError:
    """Return the error for a bundle that another version wrote."""
    is_newer = schema > SCHEMA
    advice = "" if is_newer else ", or collect the reports again"
    return BundleError(
        "newer-bundle" if is_newer else "older-bundle",
        f"{directory} has schema {schema}; this version reads {SCHEMA}.",
        f"Push it with the version of onetest-ci that collected it{advice}.",
    )


def _manifest(directory: Path, content: bytes) -> tuple[Manifest, str]:
    """Read a manifest.

    Returns:
        The manifest and its own digest.

    Raises:
        BundleError: it is damaged.
    """
    try:
        digest = check_digest_of_manifest(content)
        manifest = decoded(MANIFEST_DECODER, content)
        for value in asdict(manifest).values():
            check_bounds(value)
        check_bounds([failure.line for failure in manifest.failures])
        _check_counts({name: getattr(manifest, name) for name in _COUNTS})
        for file in manifest.artifacts:
            check_place(file)
        for listed in manifest.files:
            check_digest(listed)
        _check_counts(manifest.totals, frozenset(TOTALS))
        uuid = str(UUID(manifest.launch_uuid))
        return replace(manifest, launch_uuid=uuid, totals=TOTALS | manifest.totals), digest
    except ValueError as problem:
        raise _bad(f"{directory / MANIFEST} is damaged: {problem}") from None


def _check_counts(counts: dict[str, Any], names: frozenset[str] = frozenset(_COUNTS)) -> None:
    for name, value in counts.items():
        if name not in names or value < 0:
            raise ValueError(f"{name[:40]!r} is not a count")
