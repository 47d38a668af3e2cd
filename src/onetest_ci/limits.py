"""Maximum lengths and sizes of what is sent, and how texts are truncated to them.

Where ReportPortal's limit and OneTest's column width differ, the smaller one is used
(docs/onetest-api.md#limits).
"""

import re
from typing import Final

from onetest_ci.text.characters import UNPRINTABLE

LAUNCH_NAME: Final = 256
LAUNCH_DESCRIPTION: Final = 2048
ITEM_NAME: Final = 500
ITEM_DESCRIPTION: Final = 65_536
CODE_REF: Final = 1024
ATTRIBUTES: Final = 256
"""Entries per launch or item."""
ATTRIBUTE: Final = 128
"""Key and value each; ReportPortal's own client truncates at the same length."""
PARAMETER: Final = 1024
ISSUE_COMMENT: Final = 65_536
LOG_MESSAGE: Final = 1_000_000
"""OneTest documents no limit; this keeps one entry well below a request's 10 MB."""
LOG_BATCH: Final = 20
"""Entries per log request."""
LOG_BATCH_BYTES: Final = 10 * 1024 * 1024
ATTACHMENT_NAME: Final = 255
CONTENT_TYPE: Final = 100
MAX_FILE_BYTES: Final = 10 * 1024 * 1024
"""Per file, for imports, attachments and artifacts (docs/onetest-api.md#limits)."""

MAX_DOCUMENT_BYTES: Final = 10_000_000
"""Of one import; within 10 MB and 10 MiB, since the source leaves open which (docs/onetest-api.md#limits)."""

ENVIRONMENT_NAME: Final = 255
BUILD_VERSION: Final = 255
GIT_SHA: Final = 40

_ELLIPSIS: Final = "…"
# PostgreSQL refuses NUL, UTF-8 cannot encode lone surrogates, and other control characters harm readers.
# Few texts contain one, so both patterns are compiled on first use.
_UNSENDABLE: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
_UNPRINTABLE: Final = f"[{UNPRINTABLE}]+"


def clean(text: str) -> str:
    """Return ``text`` without the characters that JSON or a database column cannot hold."""
    return text if text.isprintable() else re.sub(_UNSENDABLE, "", text)


def cut(text: str, limit: int, mark: str = _ELLIPSIS) -> str:
    """Return ``text`` cleaned and at most ``limit`` characters long. A truncated text ends with ``mark``."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - len(mark)] + mark


def one_line(text: str) -> str:
    """Return ``text`` on one line, without control or direction-changing characters."""
    return text if text.isprintable() else re.sub(_UNPRINTABLE, " ", text).strip()
