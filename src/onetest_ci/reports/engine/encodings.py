"""Which encoding a report is in, by its byte order mark."""

import codecs
from typing import Final

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(head: bytes) -> str:
    """Return the codec for a text: PowerShell writes UTF-16 where it redirects an output; else UTF-8."""
    return next((name for bom, name in BOMS if head.startswith(bom)), "utf-8")
