"""Find the frames in a stack trace: the lines that name a file and a line in it.

One pattern finds a source file's extension that a line number follows, in any of the spellings below. It is
linear: plain searches cut out the path before it. Lines and texts of any length take bounded time.

Sources of the spellings: Python's ``traceback`` and pytest's ``ReprFileLocation``; V8's stack trace API,
``Error.stack`` of Firefox and WebKit, the reporters of Vitest and of Node; ``Throwable.printStackTrace``;
.NET's ``StackTrace.ToString``, whose words are localized, and Mono; Go's ``runtime/debug.Stack`` and
``testing``; Ruby's ``Exception#full_message``, RSpec, Minitest; PHP's ``Exception::getTraceAsString``,
PHPUnit; Rust's ``std::panicking`` and ``std::backtrace``; GoogleTest, Catch2, Boost.Test, Qt Test, MSVC;
ExUnit; Dart's ``stack_trace``; Bats; Perl.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final, NamedTuple

MOST_CHARACTERS: Final = 200_000
"""Characters of a trace that are searched: half from each end."""
_LONGEST_LINE: Final = 2_000
_MOST_FRAMES: Final = 2_000
_MOST_ON_A_LINE: Final = 3


class Runtime(StrEnum):
    """Who wrote a frame."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"
    JVM = "jvm"
    DOTNET = "dotnet"
    GO = "go"
    RUBY = "ruby"
    PHP = "php"
    RUST = "rust"
    NATIVE = "native"
    SWIFT = "swift"
    ELIXIR = "elixir"
    DART = "dart"
    SCRIPT = "script"


_EXTENSIONS: Final = {
    Runtime.PYTHON: "py pyx",
    Runtime.JAVASCRIPT: "js jsx ts tsx mjs cjs mts cts vue svelte",
    Runtime.JVM: "java kt kts groovy scala clj",
    Runtime.DOTNET: "cs fs vb",
    Runtime.GO: "go",
    Runtime.RUBY: "rb rake",
    Runtime.PHP: "php phpt",
    Runtime.RUST: "rs",
    Runtime.NATIVE: "c cc cpp cxx c++ h hh hpp hxx m mm ipp inl cu",
    Runtime.SWIFT: "swift",
    Runtime.ELIXIR: "ex exs",
    Runtime.DART: "dart",
    Runtime.SCRIPT: "bats sh t pl pm lua erl robot feature",
}
RUNTIME_OF: Final = {ending: name for name, endings in _EXTENSIONS.items() for ending in endings.split()}
"""The runtime of each extension of source files."""


class Frame(NamedTuple):
    """A line of a source file, as a trace spells it.

    Attributes:
        runtime: who wrote it.
        path: the file, with ``/``; of the JVM the folder follows from the package.
        line: counted from 1.
        row: number of the trace's line that holds it, from 0.
        function: the qualified name before it, of the JVM and .NET; else empty.
        before: the text of its line up to the end of the path, for a path with spaces.
        declared: whether it is where the test begins, not where it failed.
    """

    runtime: Runtime
    path: str
    line: int
    row: int
    function: str = ""
    before: str = ""
    declared: bool = False


# Compiled on first use. After the extension: an address's query; then one of
#   :12   :12:5   :line 12   :Zeile 12   ", line 12   , line 12   line 12   on line 12   (12)   (12,5)   12:5
_LOCATED: Final = (
    r"\.({})(?:\?[^\s:()]{{0,100}})?"
    r"(?::(?:[^\W\d_]{{1,12}}\ )?|\"?,?\ (?:on\ )?line\ |\((?=\d{{1,7}}[,)])|\ (?=\d{{1,7}}:\d))"
    r"([1-9]\d{{0,6}})(?!\d)"
)
_BOOST: Final = r"(?m)^- file {0,3}: ([^\n]{1,500})\n- line {0,3}: (\d{1,7})$"
# A path with a drive or an address; either may contain spaces.
_DRIVE: Final = r"(?:^|(?<=[\s('\"@]))(?:[A-Za-z]:[\\/]|[a-z][a-z-]{1,20}://)"
_MARKS: Final = "\"'(@[\t<|`="
"""What may stand before a path."""
_JVM: Final = r"^[\s|]*(?:\[\w{1,20}\]\s*)?at (?:[^\s/()]{0,200}/){0,3}([^()/]{1,500})\($"
_DOTNET: Final = r"^\s*\S{1,6} ([\w.`<>+|$]{1,300})[ (\[]"
_JAVASCRIPT: Final = r"at\s|\u276f\s|[^\s@]*@|[^()]+ \(|location: '|[^\s()]+$"
_TITLE_MARK: Final = "\u203a"
"""Stands between the parts of Playwright's titles."""
_ADDRESS: Final = r"[a-z][a-z-]{1,20}://"
_WEBPACK: Final = r"^webpack(?:-internal)?://(?:/|[^/]*/)"


@cache
def _located() -> re.Pattern[str]:
    endings = "|".join(re.escape(one) for one in sorted(RUNTIME_OF, key=len, reverse=True))
    return re.compile(_LOCATED.format(endings))


def lines_of(trace: str) -> list[str]:
    """Return the lines of a trace that are searched, each cut; of a very long one those at both ends."""
    if len(trace) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        trace = f"{trace[:half]}\n{trace[-half:]}"
    if "- file" in trace:
        trace = re.sub(_BOOST, r"\n\1(\2): ", trace)
    return [line[:_LONGEST_LINE] for line in trace.splitlines()]


@lru_cache(maxsize=2)
def parsed(trace: str) -> tuple[list[str], list[Frame]]:
    """Return the lines of a trace and the frames in them. The place and the own frames need both."""
    lines = lines_of(trace)
    return lines, frames_of(lines)


def frames_of(lines: list[str]) -> list[Frame]:
    """Return the frames in the lines of a trace, in their order."""
    frames: list[Frame] = []
    for row, line in enumerate(lines):
        frames.extend(_frames_in(line, row))
        if len(frames) >= _MOST_FRAMES:
            break
    return frames


def _frames_in(line: str, row: int) -> list[Frame]:
    frames: list[Frame] = []
    for match in _located().finditer(line):
        before = line[: match.end(1)]
        start = _path_start(before)
        path = _plain(before[start:])
        frame = Frame(RUNTIME_OF[match[1]], path, int(match[2]), row, before=before)
        if path.rpartition("/")[2].startswith("."):
            continue
        frame = frame._replace(declared=_is_declaration(frame, line[match.end() :]))
        judged = _JUDGES.get(frame.runtime, _as_it_is)(frame, before[:start])
        if judged is not None:
            frames.append(judged)
            if len(frames) == _MOST_ON_A_LINE:
                break
    return frames


def _is_declaration(frame: Frame, after: str) -> bool:
    """Return whether a frame is where a test begins: Playwright's title, ExUnit's first line, a scenario."""
    if frame.runtime is Runtime.ELIXIR:
        return not after.strip()
    return _TITLE_MARK in frame.before or frame.path.endswith(".feature") or "location: '" in frame.before


def _as_it_is(frame: Frame, _head: str) -> Frame | None:
    return frame


def _of_python(frame: Frame, head: str) -> Frame | None:
    """Return the frame. pytest prints it at the start of a line; elsewhere it is text of the source."""
    return frame if not head or head.lstrip(" |+-") == 'File "' else None


def _of_jvm(frame: Frame, head: str) -> Frame | None:
    called = re.match(_JVM, head)
    if called is None:
        return frame
    path = "/".join([*_package(called[1]), frame.path])
    return frame._replace(function=called[1], path=path)


def _of_dotnet(frame: Frame, _head: str) -> Frame | None:
    called = re.match(_DOTNET, frame.before)
    return frame._replace(function=called[1]) if called else frame


def _of_javascript(frame: Frame, _head: str) -> Frame | None:
    text = frame.before.lstrip()
    return frame if f"{_TITLE_MARK} " in text or re.match(_JAVASCRIPT, text) else None


_JUDGES: Final[dict[Runtime, Callable[[Frame, str], Frame | None]]] = {
    Runtime.PYTHON: _of_python,
    Runtime.JVM: _of_jvm,
    Runtime.DOTNET: _of_dotnet,
    Runtime.JAVASCRIPT: _of_javascript,
}
"""What each runtime writes around a path. The paths of the others stand anywhere in a line."""


def _path_start(before: str) -> int:
    """Return where the path at the end of a text begins."""
    drives = [match.start() for match in re.finditer(_DRIVE, before)]
    if drives:
        return drives[-1]
    start = max(before.rfind(mark) for mark in _MARKS) + 1
    if before.startswith("/", start):
        return start
    root = before.find(" /", start)
    return root + 1 if root >= 0 else max(start, before.rfind(" ") + 1)


def _plain(path: str) -> str:
    """Return a path with ``/`` and without the scheme of an address."""
    path = re.sub(_WEBPACK, "", path.replace("\\", "/"))
    if path.startswith("package:"):
        # Dart: the package's name, then a path below its ``lib``.
        path = "lib/" + path.partition("/")[2]
    elif path.startswith("file://"):
        path = path.removeprefix("file://")
        path = path[1:] if re.match(r"/[A-Za-z]:/", path) else path
    elif re.match(_ADDRESS, path):
        path = path.partition("://")[2].partition("/")[2]
    # Vite serves files outside of its root below ``/@fs``, Karma all below ``/base`` and ``/absolute``.
    path = re.sub(r"^/?(?:@fs(?=/)|base/|absolute(?=/))", "", path)
    while path.startswith(("./", "../")):
        path = path.partition("/")[2]
    return path


def _package(function: str) -> list[str]:
    """Return the folders of a class's package: its names before the class and the method."""
    names = function.split(".")[:-1]
    for position, name in enumerate(names):
        if name[:1].isupper() or "$" in name:
            return names[:position]
    return names[:-1]
