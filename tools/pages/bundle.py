"""The records of a bundle, from their classes."""

from collections.abc import Iterator
from typing import get_type_hints

from onetest_ci.bundle.records import Failure, FileDigest, Manifest, StoredCase, StoredFile
from onetest_ci.bundle.steps import Kind
from onetest_ci.model import Attempt, Case, Suite
from pages.markdown import attributes, table


def manifest() -> Iterator[str]:
    """Yield the fields of the manifest and of the records in it."""
    for record, title in (
        (Manifest, ""),
        (FileDigest, "A file in `files`"),
        (StoredFile, "A stored file"),
        (Failure, "A failed case in `failures`"),
    ):
        yield from _record(record, title)


def items() -> Iterator[str]:
    """Yield the fields of the lines of a bundle."""
    for record, title in (
        (Suite, "A suite"),
        (Case, "A case"),
        (StoredCase, "What a case has in a bundle besides"),
        (Attempt, "An earlier attempt of a case"),
    ):
        yield from _record(record, title)


def steps() -> Iterator[str]:
    """Yield the kinds of steps in the log of a delivery."""
    yield f"{', '.join(f'`{kind.value}`' for kind in Kind)}."


def _record(record: type, title: str) -> Iterator[str]:
    if title:
        yield from ("", f"**{title}**", "")
    texts = attributes(record)
    names = [name for name in get_type_hints(record) if name in texts]
    yield from table(
        ("Field", "What it holds"),
        ((f"`{name}`", texts[name].replace("docs/onetest-api.md", "onetest-api.md")) for name in names),
    )
