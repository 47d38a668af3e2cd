"""A JSON document of long lists, in pieces: that of 100,000 tests would take much memory."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from msgspec.json import Encoder

_AT_A_TIME: Final = 500
_ENCODER: Final = Encoder()

Row = dict[str, Any]


def document(head: Mapping[str, Any], lists: Mapping[str, Iterable[Row]]) -> Iterator[str]:
    """Yield the pieces of a document.

    Args:
        head: its members before the lists.
        lists: the rows of each list, by the name of its member.
    """
    yield json.dumps(head, ensure_ascii=False)[:-1]
    between = ", " if head else ""
    for name, rows in lists.items():
        before = f'{between}"{name}": ['
        between = ",\n"
        waiting = iter(rows)
        while chosen := list(islice(waiting, _AT_A_TIME)):
            yield f"{before}\n{_rows(chosen)}"
            before = ","
        yield "]" if before == "," else f"{before}]"
    yield "}\n"


def _rows(rows: Sequence[Row]) -> str:
    """Return rows, a line for each, with commas between them."""
    try:
        # A string holds no line break in JSON.
        return _ENCODER.encode_lines(rows).removesuffix(b"\n").replace(b"\n", b",\n").decode()
    except UnicodeEncodeError:
        # A row contains a lone surrogate, which is not valid in UTF-8.
        return ",\n".join(map(json.dumps, rows))
