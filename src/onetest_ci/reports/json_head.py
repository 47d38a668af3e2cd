"""What names does the start of a JSON file hold? Enough to tell its dialect, without decoding it."""

import re
from typing import Final

_DEPTH: Final = 2
# A string that the head cuts goes to its end, or each quote in it would be tried as a beginning.
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[\]{}:,]', re.DOTALL)
_BEGINNING: Final = re.compile(r'(?:\[\s*)?\{\s*"')  # a log's [INFO] is none
_LATER: Final = re.compile(r'\n(?=(?:\[\s*)?\{\s*")')
_ENCODINGS: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def document_at(text: str) -> int:
    """Where a JSON document begins: at the start or at a line that looks like one; -1 for nowhere."""
    if _BEGINNING.match(text):
        return 0
    later = _LATER.search(text)
    return later.end() if later else -1


def json_keys(data: bytes, *, later: bool = False) -> frozenset[str]:
    """Names of the members of the first object, in a list or not, and of the objects right inside it.

    Empty for what is no JSON. Of a file with an object on each line it is the first line's.

    Args:
        data: the start of a file.
        later: the document may begin on a later line, behind what a tool printed before.
    """
    encoding = next((name for bom, name in _ENCODINGS if data.startswith(bom)), "utf-8")
    text = data.decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    at = document_at(text)
    if at < 0 or (at and not later):
        return frozenset()
    text = text[at:]
    found: set[str] = set()
    open_at: list[str] = []
    names: list[str] = []
    last = ""
    for part in _TOKEN.findall(text):
        if part in "{[":
            open_at.append(part)
            names.append(last if part == "{" else "")
            last = ""
        elif part in "}]":
            if not open_at:
                break
            open_at.pop()
            names.pop()
            if not open_at or open_at == ["["]:
                break
        elif part == ":" and last:
            _take(found, open_at, names, last)
        elif part == ",":
            last = ""
        else:
            last = part[1:-1]
    return frozenset(found)


def _take(found: set[str], open_at: list[str], names: list[str], name: str) -> None:
    """Note a member when it stands in the first object, or in an object that is a member of it."""
    objects = open_at.count("{")
    if objects == 1:
        found.add(name)
    elif objects == _DEPTH and open_at[-2:] == ["{", "{"]:
        found.add(f"{names[-1]}.{name}")
