"""Bundles that were changed and sealed again, as anyone can; shares no code with the command."""

import hashlib
import json
from pathlib import Path
from typing import Any

SCHEMA = 2


def write_manifest(bundle: Path, document: str | dict[str, Any]) -> None:
    """Write a manifest with its digest; a text stands for a document that ``json`` would not write."""
    text = document if isinstance(document, str) else json.dumps(document, indent=1)
    content = text.removeprefix("{").lstrip("\n")
    digest = hashlib.sha256(content.encode("utf-8", "surrogateescape")).hexdigest()
    sealed = f'{{\n "schema": {SCHEMA},\n "sha256": "{digest}",\n{content}'
    (bundle / "bundle.json").write_bytes(sealed.encode("utf-8", "surrogateescape"))


def read_manifest(bundle: Path) -> dict[str, Any]:
    """Read a manifest, without schema and digest."""
    document: dict[str, Any] = json.loads((bundle / "bundle.json").read_bytes())
    assert document.pop("schema") == SCHEMA
    del document["sha256"]
    return document


def edit_manifest(bundle: Path, **fields: Any) -> None:
    """Change fields of a manifest."""
    write_manifest(bundle, read_manifest(bundle) | fields)


def digests(bundle: Path) -> list[list[str | int]]:
    """List the files of a bundle as its manifest does."""
    places = [
        bundle / "items.jsonl",
        *sorted(bundle.glob("attachments/*")),
        *sorted(bundle.glob("artifacts/*")),
    ]
    return [
        [
            path.relative_to(bundle).as_posix(),
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        ]
        for path in places
    ]


def list_again(bundle: Path) -> None:
    """Have the manifest list the files that are there now."""
    edit_manifest(bundle, files=digests(bundle))


def write_log(bundle: Path, *bodies: str, torn: bytes = b"", counted: int | None = None) -> None:
    """Write a delivery log of these lines, as if each had been recorded.

    Args:
        bundle: the bundle; its log follows from its digest.
        bodies: JSON objects.
        torn: the beginning of a line that was not written to its end.
        counted: how many lines are noted; all of them if None.
    """
    last = json.loads((bundle / "bundle.json").read_bytes())["sha256"]
    lines = []
    for body in bodies:
        last = hashlib.sha256(f"{last}{body}".encode("utf-8", "surrogateescape")).hexdigest()[:16]
        lines.append(f'{body[:-1]},"sum":"{last}"}}\n')
    text = "".join(lines).encode("utf-8", "surrogateescape")
    (bundle / "delivery.jsonl").write_bytes(text + torn)
    (bundle / "delivery.count").write_text(f"{len(bodies) if counted is None else counted:19}\n")
