"""Write junitparser's elements as XML, in less time than ``xml.etree``, which writes whole documents.

Line breaks in attributes, and carriage returns in texts, are written as references: a reader would turn them
into spaces and line feeds (XML 1.0, sections 2.11 and 3.3.3).
"""

import re
from functools import lru_cache
from typing import Any, Final
from xml.sax.saxutils import escape

from junitparser import Element

_LONGEST_KEPT: Final = 200
_PLAIN: Final = re.compile("[ !#-%'-;=?-~]*").fullmatch
_IN_ATTRIBUTE: Final = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", '"': "&quot;"}
_IN_TEXT: Final = {"\r": "&#13;"}


def xml(element: Element) -> str:
    """Return an element."""
    return _xml(element._elem)  # noqa: SLF001 - there is no other way to its content


def start_tag(element: Element) -> str:
    """Return an element without its end."""
    content = xml(element)
    if content.endswith("/>"):
        return f"{content.removesuffix('/>')}>"
    return content[: content.rindex("</")]


def _xml(element: Any) -> str:
    tag = element.tag
    attributes = "".join([f' {name}="{_attribute(value)}"' for name, value in element.items()])
    inner = escape(element.text, _IN_TEXT) if element.text else ""
    inner += "".join(map(_xml, element))
    return f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"


def _attribute(text: str) -> str:
    return _short(text) if len(text) <= _LONGEST_KEPT else escape(text, _IN_ATTRIBUTE)


@lru_cache(maxsize=1024)
def _short(text: str) -> str:
    # Classes, files and many lines are those of other tests as well.
    return text if _PLAIN(text) else escape(text, _IN_ATTRIBUTE)
