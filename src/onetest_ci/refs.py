"""From what a report says of a test to the reference that OneTest links by (contract §9).

OneTest compares ``code_ref`` with the lines of a case's ``automation_test_id``, as
``test_login.py:TestLogin.test_valid``. Matching is exact, so nothing is lower-cased and no path is shortened.
"""

import re
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, Literal

from onetest_ci.model import Case

Style = Literal["file", "dotted", "raw"]
"""``file``: ``path/to/file.py:Class.method``. ``dotted``: classname and name without parameters.
``raw``: classname and name as they are, joined by a dot."""

LONGEST: Final = 1024
"""Characters of a code_ref (contract §9, column width)."""

_WITH_MODULES: Final = frozenset({".py", ".pyi"})
# pytest's ids may hold anything, brackets too: the parameters begin at the first bracket. Titles have spaces.
_BRACKETS: Final = re.compile(r"^([^\s\[]+)\[.*\]$", re.DOTALL)
_PHPUNIT_DATA: Final = re.compile(r" with data set (?:#\d+|\".*\")(?: \(.*\))?$", re.DOTALL)
# JUnit 5 in Surefire and Gradle: method(String, int)[2], method(), method{int}[1].
_SIGNATURE: Final = re.compile(r"^([^\s(){}\[\]]+)(?:\([^()]*\)|\{[^{}]*\})(?:\[\d+\])?$", re.DOTALL)
_IDENTIFIER: Final = re.compile(r"\S+")


def code_ref(case: Case, *, root: Path | None = None, suite_file: str = "", style: Style = "file") -> str:
    """The reference of a case, at most ``LONGEST`` characters.

    Args:
        case: as a reader yields it.
        root: the checkout; file paths become relative to it, and dotted module names are looked up in it.
        suite_file: the file that the case's suite names, for cases that name none.
        style: how to spell it.
    """
    if style == "raw":
        return ".".join(part for part in (case.classname, case.name) if part)[:LONGEST]
    method = without_parameters(case.name)
    classname = normal_class(case.classname)
    if style == "file":
        file = case.file or suite_file
        if file:
            return _with_file(relative(file, root), classname, method)[:LONGEST]
        if root is not None and (module := _module_in(classname, root)):
            return _with_file(module, classname, method)[:LONGEST]
    return _joined(classname, method)[:LONGEST]


def problem_of(ref: str) -> str:
    """Why no ``automation_test_id`` can equal this reference; empty when one can (contract §9.2)."""
    if len(ref) >= LONGEST:
        return f"it has {LONGEST} characters or more, which OneTest cuts"
    if ref and not _IDENTIFIER.fullmatch(ref):
        return "it holds white space, which separates references in OneTest"
    return ""


def without_parameters(name: str) -> str:
    """``test_x[1-a]``, ``adds(int, int)[1]`` and ``adds()`` without what stands for parameters."""
    bare = _PHPUNIT_DATA.sub("", name)
    match = _SIGNATURE.match(bare) or _BRACKETS.match(bare)
    return match[1] if match else bare


@lru_cache(maxsize=4096)
def normal_class(classname: str) -> str:
    """A class name as agents spell it: ``Outer$Inner`` as ``Outer.Inner``, ``A::B`` as ``A.B``."""
    return classname.replace("::", ".").replace("\\", ".").replace("$", ".").strip(".")


@lru_cache(maxsize=4096)
def relative(file: str, root: Path | None) -> str:
    """A file's POSIX path, relative to the checkout when it is inside it."""
    windows = "\\" in file and "/" not in file
    path = PureWindowsPath(file).as_posix() if windows else file
    if root is not None:
        base = root.as_posix().rstrip("/") + "/"
        path = path.removeprefix(base)
    return str(PurePosixPath(path))


def _with_file(file: str, classname: str, method: str) -> str:
    """``file:Class.method``; the module's part of a dotted class name is the file's already."""
    # Some tools write pytest's node id into the name, as tests/test_a.py::TestA::test_b.
    if method.startswith(file + "::"):
        return f"{file}:{method[len(file) + 2 :].replace('::', '.')}"
    inner = _inside(classname, file)
    return f"{file}:{_joined(inner, method)}"


def _joined(classname: str, method: str) -> str:
    method = method.replace("::", ".")
    # PHPUnit and others put the class into the name as well.
    if classname and (method == classname or method.startswith(classname + ".")):
        return method
    return f"{classname}.{method}" if classname else method


@lru_cache(maxsize=4096)
def _inside(classname: str, file: str) -> str:
    """The class within its file: the class name without the module's or package's dotted path."""
    path = PurePosixPath(file)
    stem_parts = [*path.parent.parts, path.stem] if path.suffix else list(path.parts)
    names = classname.split(".") if classname else []
    if path.suffix in _WITH_MODULES:
        # tests/test_login.py and tests.test_login.TestLogin: drop the longest module path that fits.
        for length in range(len(names), 0, -1):
            if names[:length] == stem_parts[-length:]:
                return ".".join(names[length:])
        return classname
    if classname == file or not names:
        return ""
    # Java, PHP and their kin name the file after the class; what stands before it is the package.
    return ".".join(names[names.index(path.stem) :]) if path.stem in names else classname


@lru_cache(maxsize=4096)
def _module_in(classname: str, root: Path) -> str:
    """The Python file under the checkout that the longest prefix of a dotted name stands for, or empty."""
    names = classname.split(".")
    if not all(name.isidentifier() for name in names):
        return ""
    for length in range(len(names), 0, -1):
        file = PurePosixPath(*names[:length]).with_suffix(".py")
        if (root / file).is_file():
            return str(file)
    return ""
