"""Text for the XML documents that we write."""

import re

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_characters(text: str) -> str:
    """The text without what no XML 1.0 document may hold, not even escaped (section 2.2)."""
    return text if text.isprintable() else _NOT_XML.sub("\ufffd", text)
