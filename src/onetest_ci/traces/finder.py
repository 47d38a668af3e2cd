"""Find the line of the checkout where a test failed."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.traces.frames import Frame, Runtime, parsed
from onetest_ci.traces.library import is_library
from onetest_ci.traces.place import Place
from onetest_ci.traces.source_index import SourceIndex

# Their packages may leave out the folders that all share (Kotlin, "Coding conventions", Directory structure).
_WITHOUT_FOLDERS: Final = (".kt", ".kts", ".scala", ".groovy")
_PACKAGE: Final = r"(?m)^\s{0,20}package\s{1,20}([\w.`]{1,300})"
# ``testing`` writes logs and errors alike.
_LOGS: Final = r"\.(?:Logf?|Skipf?)\("
_CAPTURED: Final = r"(?m)^-{2,80} ?Captured "
# ``ERR_TEST_FAILURE`` of Node's test runner wraps what a test threw, and may have a trace of its own: where
# a subtest was started (lib/internal/errors.js, lib/internal/test_runner/test.js).
_THROWN_IN_NODE: Final = r"(?m)^ {0,80}failureType: '\w{1,40}',\n {0,80}cause: "


class _Test(NamedTuple):
    """What is known of a test whose trace is searched.

    Attributes:
        file: its file in the checkout; empty if it is unknown.
        folder: the folder that relative paths start from. None if it is unknown.
        near: a file of its project: its own, else its report's.
    """

    file: str
    folder: str | None
    near: str


class PlaceFinder:
    """Finds places in a checkout. Its files are listed on the first search.

    Args:
        root: the root of the repository.
    """

    def __init__(self, root: Path) -> None:
        self._index = SourceIndex(Path(root).resolve())
        self._found: dict[tuple[str, bool, _Test], str] = {}

    def place(
        self, trace: str, file: str = "", line: int | None = None, *, code_ref: str = "", report: str = ""
    ) -> Place | None:
        """Return the line of the user's own code that failed, else that of the test; None without both.

        A line that its file does not have is not a place: the trace is of another file or commit. The test's
        file then stands without a line.

        Args:
            trace: the stack trace or the message of a failure.
            file: the test's own file, as the report spells it; may be empty.
            line: the test's own line.
            code_ref: the test's reference, which may begin with the path of its file.
            report: path of the report, relative to the root. Of files with one name, the nearest counts.
        """
        frames = _frames(re.split(_CAPTURED, trace, maxsplit=1)[0])
        test = self._test(file, code_ref, report, frames)
        best = self._best(frames, test)
        if best is not None:
            return best
        if not test.file:
            return None
        exists = file and line is not None and self._index.has_line(test.file, line)
        return Place(test.file, line if exists else None)

    def is_own(self, frame: Frame) -> bool:
        """Return whether a frame is in a file of the checkout that is not a library's."""
        return bool(self._file_of(frame, _UNKNOWN))

    def _test(self, file: str, code_ref: str, report: str, frames: Iterable[Frame]) -> _Test:
        start = _Test("", None, report)
        own = self._file(_path_of(code_ref), start) or self._file(file, start)
        if not own:
            return start
        for path in (file, *(frame.path for frame in frames)):
            if "/" in path and f"/{own}".endswith(f"/{path}"):
                return _Test(own, own[: -len(path)], own)
        return _Test(own, None, own)

    def _best(self, frames: list[Frame], test: _Test) -> Place | None:
        """Return the deepest of the user's own frames, of the exception that came out of the test.

        Python prints the outermost frame first, and the exception that came out last. All others print the
        innermost frame first, and causes after what they caused.
        """
        last_first = bool(frames) and frames[0].runtime is Runtime.PYTHON
        declared = None
        for frame in reversed(frames) if last_first else frames:
            found = self._file_of(frame, test)
            if not found or not self._index.has_line(found, frame.line):
                continue
            if frame.runtime is Runtime.GO and self._logs(found, frame.line):
                continue
            if not frame.declared:
                return Place(found, frame.line)
            declared = declared or Place(found, frame.line)
        return declared

    def _logs(self, file: str, line: int) -> bool:
        """Return whether a line of Go writes a log, which is not a failure."""
        lines = self._index.begins(file).split("\n", line)
        return len(lines) >= line and re.search(_LOGS, lines[line - 1]) is not None

    def _file_of(self, frame: Frame, test: _Test) -> str:
        """Return the file of the checkout that a frame is in; empty for a library's."""
        inside = self._index.inside(frame.path)
        if is_library(frame._replace(path=inside) if inside else frame):
            return ""
        if frame.runtime is Runtime.JVM and frame.function:
            return self._of_package(frame.path, test)
        return self._file(frame.path, test) or self._with_spaces(frame)

    def _with_spaces(self, frame: Frame) -> str:
        if " " not in frame.before:
            return ""
        text = frame.before.replace("\\", "/")
        paths = self._index.named(frame.path.rpartition("/")[2])
        fits = [path for path in paths if " " in path and text.endswith(path)]
        return fits[0] if len(fits) == 1 else ""

    def _file(self, path: str, test: _Test) -> str:
        key = (path, False, test)
        if key not in self._found:
            self._found[key] = self._resolved(_clean(path), test)
        return self._found[key]

    def _resolved(self, path: str, test: _Test) -> str:
        """Return the file of the checkout that a path of any machine is; empty if none or several fit."""
        inside = self._index.inside(path)
        if inside or not path:
            return self._index.file(inside) if inside else ""
        name = path.rpartition("/")[2]
        candidates = self._index.named(name)
        if path.startswith("/") or path[1:3] == ":/":
            return _longest_end(path, candidates)
        if not candidates:
            return self._index.file(path)
        if test.folder is not None and test.folder + path in candidates:
            return test.folder + path
        near = [one for one in _upwards(path, test.near) if one in candidates]
        # Go prints the name of a file alone, which is in the folder of its test.
        if near and (len(near) == 1 or "/" not in path):
            return near[0]
        return "" if near else _only_end(path, candidates)

    def _of_package(self, path: str, test: _Test) -> str:
        """Return the file of a class of the JVM, by the folders of its package."""
        key = (path, True, test)
        if key not in self._found:
            package, _, name = path.rpartition("/")
            candidates = self._index.named(name)
            fits = [one for one in candidates if f"/{one}".endswith(f"/{path}")]
            if not fits and name.endswith(_WITHOUT_FOLDERS):
                fits = [one for one in candidates if self._package_of(one) == package.replace("/", ".")]
            self._found[key] = _only(fits, test.near)
        return self._found[key]

    def _package_of(self, file: str) -> str:
        declared = re.search(_PACKAGE, self._index.begins(file))
        return declared[1].replace("`", "") if declared else ""


_UNKNOWN: Final = _Test("", None, "")


def _frames(trace: str) -> list[Frame]:
    """Return the frames of a trace. Those of an error that Node wrapped come first."""
    thrown = re.search(_THROWN_IN_NODE, trace)
    return [*(parsed(trace[thrown.end() :])[1] if thrown else ()), *parsed(trace)[1]]


def _clean(path: str) -> str:
    """Return a path with ``/``, without steps that lead nowhere; empty if it leads upwards from its start."""
    path = path.replace("\\", "/").removeprefix("file://")
    parts: list[str] = []
    for part in path.split("/")[1 if path.startswith("/") else 0 :]:
        if part == ".." and not parts:
            return ""
        if part == "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return ("/" if path.startswith("/") else "") + "/".join(parts)


def _path_of(code_ref: str) -> str:
    """Return the path before the names of a code_ref; empty for one that begins with no file."""
    path = code_ref.partition(":")[0]
    return path if "." in path.rpartition("/")[2] and ":" in code_ref else ""


def _upwards(path: str, near: str) -> Iterator[str]:
    """Yield a relative path in each folder above a file, the deepest first, but not in the root."""
    folders = near.split("/")[:-1]
    for length in range(len(folders), 0, -1):
        yield "/".join([*folders[:length], path])


def _longest_end(path: str, candidates: list[str]) -> str:
    """Return the longest candidate that an absolute path of another machine ends with."""
    for change in (str, str.lower):
        fits = [one for one in candidates if change(path).endswith(change(f"/{one}"))]
        if fits:
            return max(fits, key=len)
    return ""


def _only_end(path: str, candidates: list[str]) -> str:
    """Return the candidate that ends with a relative path, if it is the only one."""
    for change in (str, str.lower):
        fits = [one for one in candidates if change(f"/{one}").endswith(change(f"/{path}"))]
        if fits:
            return fits[0] if len(fits) == 1 else ""
    return ""


def _only(fits: Iterable[str], near: str) -> str:
    """Return the only one, else the only one in the same project as a test or a report."""
    fits = list(fits)
    folders = near.split("/")[:-1]
    for length in range(len(folders), -1, -1):
        start = "".join(f"{folder}/" for folder in folders[:length])
        below = [one for one in fits if one.startswith(start)]
        if len(below) == 1:
            return below[0]
    return ""
