"""Write generated parts into files by hand.

A part is between two lines that contain ``wrappers: begin NAME`` and ``wrappers: end NAME``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]

Parts = Mapping[str, Mapping[str, Callable[[], Iterable[str]]]]
"""The parts of each file: a path below the root, the name of a part, and what yields its lines."""


def generated(path: str, parts: Parts) -> str:
    """Return the text of a file with its parts generated anew.

    Raises:
        ValueError: the file lacks the two lines around a part.
    """
    text = (ROOT / path).read_text(encoding="utf-8")
    for name, part in parts[path].items():
        between = re.compile(rf"(.*wrappers: begin {name}\b.*\n)(?:.*\n)*?(.*wrappers: end {name}\b)")
        if not between.search(text):
            raise ValueError(f"{path} has no lines 'wrappers: begin {name}' and 'wrappers: end {name}'")
        new = "".join(f"{line}\n" for line in part())
        text = between.sub(lambda found, new=new: found[1] + new + found[2], text, count=1)  # type: ignore[misc]
    return text


def write(parts: Parts, *, check: bool) -> int:
    """Write the files, or only print those that are out of date.

    Returns:
        the exit code: 1 if a check found a file that is out of date.
    """
    stale = [path for path in parts if generated(path, parts) != (ROOT / path).read_text(encoding="utf-8")]
    for path in stale:
        print(f"{path}: {'out of date; run make wrappers' if check else 'written'}")
        if not check:
            (ROOT / path).write_text(generated(path, parts), encoding="utf-8")
    return 1 if check and stale else 0
