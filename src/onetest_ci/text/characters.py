"""Characters that harm a reader, a terminal, an encoder or an XML document.

Sets of characters are written as in the brackets of a regular expression: ``f"[{ASCII_CONTROLS}/]"``.
"""

import codecs
import re
from typing import Final

ASCII_CONTROLS: Final = "\x00-\x1f\x7f"
LONE_SURROGATES: Final = "\ud800-\udfff"
"""Bytes that are not UTF-8, as Python keeps them. UTF-8 cannot encode them."""

UNPRINTABLE: Final = (
    f"{ASCII_CONTROLS}\x80-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069{LONE_SURROGATES}"
)
"""Controls, line separators, marks that turn the direction of text around, and lone surrogates."""

NOT_XML: Final = f"\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff{LONE_SURROGATES}"
"""What no XML 1.0 document may contain, not even escaped (section 2.2)."""

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Each mark that a file may begin with, and its codec. UTF-32 comes first: its mark begins with UTF-16's."""

# Few texts contain one, so the pattern is compiled on first use.
_NOT_XML: Final = f"[{NOT_XML}]"


def replace_non_xml(text: str) -> str:
    """Return a text with U+FFFD in place of each character that XML forbids."""
    return text if text.isprintable() else re.sub(_NOT_XML, "\ufffd", text)


def replace_lone_surrogates(text: str) -> str:
    """Return a text with a question mark in place of each lone surrogate, which UTF-8 cannot encode."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def encoding_of(head: bytes) -> str:
    """Return the codec of a text that begins so: by its byte order mark, else UTF-8.

    PowerShell writes UTF-16 where it redirects an output.
    """
    return next((name for mark, name in BYTE_ORDER_MARKS if head.startswith(mark)), "utf-8")
