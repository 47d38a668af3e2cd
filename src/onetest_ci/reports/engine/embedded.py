"""Files that a report holds inside itself, as base64."""

import base64
import binascii
from pathlib import PurePosixPath
from typing import Final

from onetest_ci.model import Attachment
from onetest_ci.reports.engine.reading import Reading

_SUFFIXES: Final = {
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/xml": ".xml",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}


def embedded(data: str, name: str, media_type: str, reading: Reading) -> list[Attachment]:
    """Return the file. None, with a warning, if its data is damaged.

    Args:
        data: base64; of a text also the text itself, as old tools write it.
        name: as the report spells it; may be empty.
        media_type: as the report spells it. It only names the file; the content decides its type.
        reading: collects the warning.
    """
    content = _decoded(data)
    if content is None and _kind(media_type).startswith("text/"):
        content = data.encode("utf-8", "replace")
    if content is None:
        reading.warn("embedded", "a file inside the report is not base64; it is left out")
        return []
    return [typed_file(content, name, media_type)]


def typed_file(content: bytes, name: str, media_type: str) -> Attachment:
    """Return a file of this content, with a suffix for its type if its name has none."""
    return text_file(content, name or "attachment", _SUFFIXES.get(_kind(media_type), ""))


def text_file(content: bytes, name: str, suffix: str = ".txt") -> Attachment:
    """Return a file of this content. The suffix is for a name that has none."""
    named = "." in name and PurePosixPath(name).suffix
    return Attachment("", name if named else name + suffix, content)


def _kind(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _decoded(data: str) -> bytes | None:
    try:
        # Some break the lines, as mail does.
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
