"""Which encoding a report is in, by its byte order mark."""

from onetest_ci.text.characters import BYTE_ORDER_MARKS


def encoding_of(head: bytes) -> str:
    """Return the codec for a text: PowerShell writes UTF-16 where it redirects an output; else UTF-8."""
    return next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), "utf-8")
