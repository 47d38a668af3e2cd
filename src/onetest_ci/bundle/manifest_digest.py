"""The digest of a manifest, in the manifest itself.

``bundle.json`` begins with its schema and the SHA-256 of all bytes after it, so a damaged manifest is
detected like any other damaged file. This is integrity and not authenticity: an author who changes a manifest
can compute its digest again.
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
"""Size of the part of a manifest that ``digest_in`` needs."""


def manifest_head(document: bytes) -> bytes:
    """Return schema and digest, which replace the first ``OPENING_BYTES`` bytes of a manifest.

    Args:
        document: the manifest as an indented JSON object, without schema and digest.
    """
    digest = hashlib.sha256(memoryview(document)[OPENING_BYTES:]).hexdigest()
    return _HEAD.format(schema=SCHEMA, digest=digest).encode()


def digest_in(head: bytes) -> str:
    """Return the digest in the first bytes of a manifest. Empty if there is none."""
    found = _SEALED.match(head)
    return found[1].decode() if found else ""


def check_digest_of_manifest(manifest: bytes) -> str:
    """Check a manifest against its digest and return the digest.

    Raises:
        ValueError: the manifest has no digest, or its content does not match it.
    """
    expected = digest_in(manifest)
    if not expected:
        raise ValueError("it does not begin with a schema and a digest")
    found = hashlib.sha256(memoryview(manifest)[HEAD_BYTES:]).hexdigest()
    if found != expected:
        raise ValueError(f"its SHA-256 is {found}, and {expected} is expected")
    return expected
