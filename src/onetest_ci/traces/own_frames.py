"""Reduce a stack trace to its message and the user's own frames."""

import re
from collections import defaultdict
from collections.abc import Callable, Container
from typing import Final

from onetest_ci.traces.frames import Frame, Runtime, parsed
from onetest_ci.traces.library import is_library

_MOST_LINES: Final = 60
_LONGEST: Final = 4_000
_BETWEEN: Final = r"(?:_ ){5,200}_?\s?$"
"""The line between the functions of a trace of pytest."""
# Frames of compiled or generated code, which name no source file, headings, and counts of frames left out.
_WITHOUT_FILE: Final = (
    r"(?:at\s[^()]+(?:\([^()]*\)(?: \[[^\]]*\])?)?$|\.\.\. \d{1,6} (?:more$|common )"
    r"|created by |goroutine \d{1,20} |\d{1,5}: [^ :]*::|#\d{1,9} (?:\{main\}$|\[internal)"
    r"|[+| ]*Traceback(?: \(most recent call last\))?:$"
    r"|(?:[^()]+ \()?node:[\w/:.-]+\)?$)"
)


def own_frames(trace: str, is_own: Callable[[Frame], bool] | None = None) -> str:
    """Return the lines of a trace without those of libraries. The text is bounded.

    Args:
        trace: as the report holds it.
        is_own: whether a frame is the user's; by default the names of libraries decide.
    """
    lines, frames = parsed(trace)
    by_row: dict[int, list[Frame]] = defaultdict(list)
    for frame in frames:
        by_row[frame.row].append(frame)
    judge = is_own or (lambda frame: not is_library(frame))
    kept = _kept(lines, by_row, judge, _library_source(lines, by_row, judge))
    if not any(line.strip() for line in kept):
        kept = lines
    text = "\n".join(kept[:_MOST_LINES]).strip("\n")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\u2026"


def _library_source(
    lines: list[str], by_row: dict[int, list[Frame]], is_own: Callable[[Frame], bool]
) -> set[int]:
    """Return the rows of source code of libraries, which pytest prints above the place that it is from.

    The lines of the error in it, which begin with ``E``, are not among them.
    """
    found: set[int] = set()
    starts = [row for row, line in enumerate(lines) if re.match(_BETWEEN, line)]
    for start, end in zip([-1, *starts], [*starts, len(lines)], strict=True):
        rows = range(start + 1, end)
        first = next((row for row in rows if lines[row].strip()), end)
        frames = [frame for row in rows for frame in by_row.get(row, ())]
        if starts and frames and first not in by_row and not any(map(is_own, frames)):
            found.add(start)
            found.update(row for row in rows if not lines[row].startswith("E  "))
    return found


def _kept(
    lines: list[str],
    by_row: dict[int, list[Frame]],
    is_own: Callable[[Frame], bool],
    library_source: Container[int],
) -> list[str]:
    kept: list[str] = []
    left_out: Frame | None = None
    for row, line in enumerate(lines):
        if row in library_source:
            continue
        frames = by_row.get(row)
        if frames:
            left_out = None if any(is_own(frame) for frame in frames) else frames[0]
            if left_out is None:
                kept.append(line)
            elif kept and _names_function(kept[-1], left_out):
                kept.pop()
        elif not (left_out and _belongs(line, left_out)) and not re.match(
            _WITHOUT_FILE, line.strip()[:_LONGEST]
        ):
            left_out = None
            kept.append(line)
        if len(kept) > _MOST_LINES:
            break
    return kept


def _names_function(line: str, frame: Frame) -> bool:
    """Return whether a line is the function of the frame in the next line, as Go and Rust print it."""
    if frame.runtime is Runtime.GO:
        return line.endswith(")") and not line.startswith((" ", "\t"))
    return frame.runtime is Runtime.RUST and re.match(r"\s{0,8}\d{1,5}: ", line) is not None


def _belongs(line: str, frame: Frame) -> bool:
    """Return whether a line is the source code below a frame of Python."""
    return frame.runtime is Runtime.PYTHON and line.startswith("    ")
