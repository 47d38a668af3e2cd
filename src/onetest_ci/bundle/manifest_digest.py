"""The digest that a manifest carries of itself.

``bundle.json`` begins with its schema and the SHA-256 of all bytes behind it, so a damaged manifest is
recognised like any other damaged file. This is integrity and not authenticity: whoever changes a manifest can
compute its digest again.
"""

import hashlib
import re
from typing import Final

SCHEMA: Final = 2

_HEAD: Final = '{{\n "schema": {schema},\n "sha256": "{digest}",\n'
_SEALED: Final = re.compile(
    re.escape(_HEAD.format(schema=SCHEMA, digest="@")).replace("@", "([0-9a-f]{64})").encode()
)

OPENING_BYTES: Final = len("{\n")
HEAD_BYTES: Final = len(_HEAD.format(schema=SCHEMA, digest="0" * 64))
"""How much of a manifest ``digest_in`` reads."""


def manifest_head(document: bytes) -> bytes:
    """Return what takes the place of a manifest's first ``OPENING_BYTES`` bytes: its schema and its digest.

    Args:
        document: an indented JSON object without these.
    """
    digest = hashlib.sha256(memoryview(document)[OPENING_BYTES:]).hexdigest()
    return _HEAD.format(schema=SCHEMA, digest=digest).encode()


def digest_in(head: bytes) -> str:
    """Return the digest that the first bytes of a manifest hold, empty if there is none."""
    found = _SEALED.match(head)
    return found[1].decode() if found else ""


def check_digest_of_manifest(manifest: bytes) -> str:
    """Check a manifest against its digest and return the digest.

    Raises:
        ValueError: the manifest has no digest, or other content than that of the digest.
    """
    expected = digest_in(manifest)
    if not expected:
        raise ValueError("it does not begin with a schema and a digest")
    found = hashlib.sha256(memoryview(manifest)[HEAD_BYTES:]).hexdigest()
    if found != expected:
        raise ValueError(f"it was sealed with the SHA-256 {expected}, and has {found} now")
    return expected
