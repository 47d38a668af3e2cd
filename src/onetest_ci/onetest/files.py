"""Checks of a file before it is sent."""

import re
from pathlib import Path
from typing import Final

from onetest_ci.errors import ServiceError
from onetest_ci.limits import ATTACHMENT_NAME, CONTENT_TYPE, MAX_FILE_BYTES, one_line

# Both are compiled on first use.
_MEDIA_TYPE: Final = r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:; ?[A-Za-z0-9_-]+=[A-Za-z0-9_.-]+)*"
_UNFIT_IN_NAME: Final = r'[\\/:*?"<>|%]'


def check_size(path: Path) -> int:
    """Return the size of a file in bytes, if it may be sent.

    Raises:
        ServiceError: ``too-large``, over 10 MB; ``unreadable-file``.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise ServiceError(
            "unreadable-file", one_line(f"cannot read {path}: {error.strerror or error}")
        ) from None
    if size > MAX_FILE_BYTES:
        raise ServiceError(
            "too-large",
            one_line(f"{path.name} has {size / 1024 / 1024:.1f} MB; OneTest accepts at most 10 MB per file"),
        )
    return size


def media_type(content_type: str) -> str:
    """Return ``content_type`` if it is valid in a header, else ``application/octet-stream``."""
    fits = len(content_type) <= CONTENT_TYPE and re.fullmatch(_MEDIA_TYPE, content_type)
    return content_type if fits else "application/octet-stream"


def upload_name(name: str) -> str:
    """Return ``name`` without path and without characters that a form would escape.

    A long name keeps its end, which shows the kind of file.
    """
    name = re.sub(_UNFIT_IN_NAME, "_", one_line(name))
    return name[-ATTACHMENT_NAME:] or "file"
