"""All formats that are read."""

from typing import Final

from onetest_ci.reports.engine.format import Format
from onetest_ci.reports.formats.json_rows import JSON_FORMATS
from onetest_ci.reports.formats.text_rows import TEXT_FORMATS
from onetest_ci.reports.formats.xml_rows import XML_FORMATS

FORMATS: Final[tuple[Format, ...]] = (*XML_FORMATS, *JSON_FORMATS, *TEXT_FORMATS)
"""In this order. The first that recognises a file reads it."""
