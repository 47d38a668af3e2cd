"""From what a report says of a test to the reference that OneTest links by.

See docs/onetest-api.md#linking-to-test-cases.

OneTest compares ``code_ref`` with the lines of a case's ``automation_test_id``, as
``test_login.py:TestLogin.test_valid``. Matching is exact, so nothing is lower-cased and no path is shortened.
``tests/data/code_refs.tsv`` shows what each tool writes and what becomes of it.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, Literal, NamedTuple, get_args

from onetest_ci.model import PYTEST, Case, Suite
from onetest_ci.modules import module_in

Style = Literal["file", "dotted", "raw"]
"""``file``: ``path/to/file.py:Class.method``, dotted where no file is known. ``dotted``: class and method
without parameters. ``raw``: classname and name as the report has them, joined by a dot."""

STYLES: Final[tuple[Style, ...]] = get_args(Style)

LONGEST: Final = 1024
"""Characters of a code_ref (docs/onetest-api.md#limits)."""

WHITE_SPACE: Final = "it holds white space, which separates references in OneTest"
"""Why a title is no reference."""

_UNKNOWN_CLASS: Final = "<unknown>"
"""Avocado's; its test names are file:Class.method already."""

_NODE_CLASS: Final = "test"
"""What node:test says of all; its suites are the titles around a test."""

_ANY_NAME: Final = "onetest_ci_any_name"
_PLACES: Final = 1024
_DIGEST: Final = 16
_LONGEST_SPLIT: Final = 2048
"""What has more characters is left as it is: nothing hostile may keep patterns busy or fill caches."""
_ABSOLUTE: Final = re.compile(r"/|\\\\|[A-Za-z]:[/\\]")
_WHITE_SPACE: Final = re.compile(r"\s")

_PYTHON: Final = frozenset({".py", ".pyi"})
_CPP: Final = frozenset({".cc", ".cpp", ".cxx", ".c++", ".h", ".hh", ".hpp"})
_CLASS_FILES: Final = frozenset({".java", ".kt", ".groovy", ".scala", ".php", ".cs"})
"""A file of these is named after the class in it."""
_JAVASCRIPT: Final = frozenset({".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx"})
_GO: Final = ".go"
_OTHER_SCRIPTS: Final = frozenset({".bats", ".lua", ".rb", ".robot", ".feature", ".exs"})
_AS_CLASSNAME: Final = _PYTHON | _CPP | _JAVASCRIPT | _OTHER_SCRIPTS
"""Vitest, Playwright, Deno, bats, doctest and busted write the file for the class, busted the line too."""
_FILE_AND_LINE: Final = re.compile(r"(.*?\.[a-z+]{1,7})(?::\d+)?", re.DOTALL)

# JUnit 5 in Surefire, Gradle and its console: method(String, int)[2], method(), method{int}[1].
_SIGNATURE: Final = re.compile(r"^([^\s(){}\[\]]+)(?:\([^()]*\)|\{[^{}]*\})(?:\[\d+\])?$", re.DOTALL)
# pytest's ids may hold anything, brackets too: the parameters begin at the first bracket. Titles have spaces.
_BRACKETS: Final = re.compile(r"^([^\s\[]+)\[.*\]$", re.DOTALL)
# PHPUnit, behave's examples, Cucumber's, radish's.
_ROWS: Final = re.compile(
    r"(\S+) with data set [#\"]|(.+?)(?: -- @\d+\.\d| - #\d+(?:\.\d+)?$| - row \d+$)", re.DOTALL
)
# unittest's subTest: test_x [message] (key=value); nose2's params: test_x:1.
_WORD: Final = re.compile(r"(\w+)(:\d+$)?")
# unittest's failed fixtures: setUpClass (module.Class).
_FIXTURE: Final = re.compile(r"^((?:setUp|tearDown)(?:Class|Module)) \(([\w.]+)\)$")
# GoogleTest: IsFive/0, and Typed/0 or Counts/Price/0 for its class.
_VALUE: Final = re.compile(r"^(\w+)/\w+$")
_TYPE: Final = re.compile(r"^([\w/]+?)/\d+$")
# Boost.Test's data-driven cases have the test for their class: price, _0.
_DATA_ROW: Final = re.compile(r"^_\d+$")
# TAP's numbers change when a test is added before: 1 - adds, #1 adds.
_TAP_NUMBER: Final = re.compile(r"^(?:\d+ - |#\d+ )(?=\S)")
_TITLES: Final = re.compile(r" [›>] ")  # noqa: RUF001 - Playwright writes it between titles


class _Place(NamedTuple):
    """Where a test is: its file and the class in it, or a dotted class alone."""

    file: str
    inner: str
    suffix: str = ""


def code_ref(
    case: Case,
    *,
    suites: Sequence[Suite] = (),
    bases: tuple[Path, ...] = (),
    style: Style = "file",
    translate: Callable[[str], str] = str,
) -> str:
    """The reference of a case; see ``fitted`` for its length.

    Args:
        case: as a reader yields it.
        suites: those around it, from the outermost to its own.
        bases: directories that the report's paths and modules may start from; the first is the checkout.
        style: how to spell it.
        translate: from an absolute path of the machine that ran the tests to one of this machine.
    """
    spelled = len(case.classname) + len(case.name) + len(case.file)
    if style == "raw" or spelled > _LONGEST_SPLIT:
        return ".".join(part for part in (case.classname, case.name) if part)
    file = case.file or _file_of(suites)
    if case.classname and file.endswith(_GO):
        # Go's tests are named by their package; where one failed is no part of its name.
        file = ""
    if _ABSOLUTE.match(file):
        file = translate(file)
    classname, name = _told(case, suites, file, bases)
    place = _place(classname, file, suites[-1].name if suites else "", bases)
    method = case.method or without_parameters(name, place.suffix)
    if style == "dotted":
        return _joined((place.suffix in _CPP and place.inner) or _dotted(classname), method)
    if place.suffix in _JAVASCRIPT:
        method = _TITLES.sub(".", method)
    if not place.file:
        return _without_file(place.inner, method, bases)
    method = method.removeprefix("./")
    if method == place.file:
        # A file that could not be loaded, named after itself by Vitest, jest-junit and bats.
        return method
    # Some tools write pytest's node id into the name, as tests/test_a.py::TestA::test_b.
    return f"{place.file}:{_joined(place.inner, method.removeprefix(f'{place.file}::'))}"


class Speller:
    """Spells the references of many cases, suite by suite; see ``code_ref`` for what it takes.

    ``redact`` removes secrets from references that may be cut. Others are redacted by the caller.
    ``start_of`` returns the folder where pytest ran, by a module that starts from none of the bases.

    Most names are plain identifiers, and what stands before such a name is the same in all of a class.
    """

    def __init__(
        self,
        bases: tuple[Path, ...] = (),
        style: Style = "file",
        translate: Callable[[str], str] = str,
        redact: Callable[[str], str] = str,
        start_of: Callable[[str], Path | None] | None = None,
    ) -> None:
        self._bases = bases
        self._style = style
        self._translate = translate
        self._redact = redact
        self._start_of = start_of
        self._suites: tuple[Suite, ...] = ()
        self._before: dict[tuple[str, str], tuple[str, str]] = {}

    def enter(self, suites: tuple[Suite, ...]) -> None:
        """The next cases are in these suites, from the outermost to their own."""
        self._suites = suites
        self._before.clear()

    def spell(self, case: Case) -> tuple[str, str]:
        """The reference of a case, as long as OneTest keeps it, and why no test case is likely to name it."""
        name = case.name
        if name.isidentifier() and not case.method:
            place = (case.classname, case.file)
            before = self._before.get(place) or self._learn(case, place)
            ref = before[0] + name
            # A method named as its class or file, and rows of data (_0), are spelled otherwise.
            if before[0] and name not in before[0] and name[0] != "_" and len(ref) <= LONGEST:
                return ref, before[1]
        return self._spelled(case)

    def _spelled(self, case: Case) -> tuple[str, str]:
        ref = code_ref(
            case,
            suites=self._suites,
            bases=self._bases_of(case),
            style=self._style,
            translate=self._translate,
        )
        ref = self._redact(ref)
        return fitted(ref), problem_of(ref, self._suites if self._style == "file" else ())

    def _bases_of(self, case: Case) -> tuple[Path, ...]:
        """The bases, and where pytest ran, if the module is found from there only."""
        dotted = case.classname or case.name
        if self._start_of is None or case.file or not self._suites or self._suites[-1].producer != PYTEST:
            return self._bases
        start = None if module_in(dotted, self._bases) else self._start_of(dotted)
        return self._bases if start is None else (*self._bases, start)

    def _learn(self, case: Case, place: tuple[str, str]) -> tuple[str, str]:
        """What stands before a plain name in this place, empty where that cannot be told; and its problem."""
        ref, problem = self._spelled(case._replace(name=_ANY_NAME))
        before = ref.removesuffix(_ANY_NAME)
        if len(self._before) >= _PLACES:
            self._before.clear()
        learned = ("", "") if before == ref or _ANY_NAME in before else (before, problem)
        self._before[place] = learned
        return learned


def _dotted(classname: str) -> str:
    return "" if classname == _UNKNOWN_CLASS else normal_class(classname.removeprefix("./"))


def _told(case: Case, suites: Sequence[Suite], file: str, bases: tuple[Path, ...]) -> tuple[str, str]:
    """Class and name, where a tool says them in a way of its own."""
    classname, name = case.classname, case.name
    if classname.startswith(("setUp", "tearDown")) and name.endswith(")"):
        # nose2 cuts "setUpClass (module.Class)" at its last dot.
        classname, name = "", f"{classname}.{name}"
    if (fixture := _FIXTURE.match(name)) is not None:
        return fixture[2], fixture[1]
    if classname == _NODE_CLASS and _is_node(suites, file, bases):
        return ".".join(suite.name for suite in suites if suite.name), name
    if file and classname and suites and suites[-1].name and name.endswith(f"{suites[-1].name} {classname}"):
        # mocha-junit-reporter: the title for the class, and all titles for the name.
        return "", name
    return classname, name


def _is_node(suites: Sequence[Suite], file: str, bases: tuple[Path, ...]) -> bool:
    """Whether ``test`` is node:test's class, and not a suite, nor a Python module, of that name."""
    if suites and suites[-1].name.endswith(_NODE_CLASS):
        return False
    return (
        PurePosixPath(file).suffix.lower() in _JAVASCRIPT if file else module_in(_NODE_CLASS, bases) is None
    )


def _without_file(inner: str, method: str, bases: tuple[Path, ...]) -> str:
    if inner:
        return _joined(inner, method)
    module = module_in(method, bases)
    # pytest's error of a file that it could not collect is named after the module.
    return module[0] if module is not None and not module[1] else _TAP_NUMBER.sub("", method).strip()


def problem_of(ref: str, suites: Sequence[Suite] = ()) -> str:
    """Why no ``automation_test_id`` is likely to equal this reference; empty when one may.

    See docs/onetest-api.md#spelling-of-code_ref.

    Args:
        ref: in the style ``file``, where suites are given.
        suites: those around the test.
    """
    if len(ref) > LONGEST:
        return f"it has more than the {LONGEST} characters that OneTest keeps"
    if _WHITE_SPACE.search(ref):
        return WHITE_SPACE
    if ":" not in ref and suites and suites[-1].producer == PYTEST:
        return (
            "its module is not in the checkout, or several files end in its path, so its file is not known; "
            "collect where the tests ran, or set pytest's junit_family to xunit1"
        )
    return ""


def is_title(ref: str) -> bool:
    """Whether a reference begins with a file of a language whose tests have titles for names."""
    return PurePosixPath(ref.partition(":")[0]).suffix.lower() in _JAVASCRIPT | _OTHER_SCRIPTS


def fitted(ref: str) -> str:
    """The reference in at most ``LONGEST`` characters; a longer one ends in a hash, so that two stay two."""
    if len(ref) <= LONGEST:
        return ref
    digest = hashlib.sha256(ref.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    return f"{ref[: LONGEST - _DIGEST - 1]}~{digest}"


def without_parameters(name: str, suffix: str = "") -> str:
    """``test_x[1-a]``, ``adds(int, int)[1]`` and ``adds()`` without what stands for parameters.

    Args:
        name: as a report spells it.
        suffix: of the test's file (``.py``), where that is known: some spellings are one language's.
    """
    if name.isidentifier() or len(name) > _LONGEST_SPLIT:
        return name
    match = _ROWS.match(name)
    bare = (match[1] or match[2]) if match else name
    match = _SIGNATURE.match(bare) or _BRACKETS.match(bare)
    if match is None and suffix in _PYTHON:
        match = _subtest(bare)
    elif match is None and suffix in _CPP:
        match = _VALUE.match(bare)
    return match[1] if match else bare


def _subtest(name: str) -> re.Match[str] | None:
    """Return a match whose first group is the method, in a name that unittest or nose2 spells."""
    word = _WORD.match(name)
    rest = name[word.end() :] if word else ""
    if not rest:
        return word
    has_message, has_values = rest.startswith(" ["), rest.endswith(")")
    if has_message and has_values:
        return word if "] (" in rest else None
    return word if (has_message and rest.endswith("]")) or (has_values and rest.startswith(" (")) else None


def parameters_of(name: str, suffix: str = "", method: str = "") -> str:
    """What stands behind the method, without brackets around it all; empty when nothing does.

    Args:
        name: as a report spells it.
        suffix: of the test's file, as for ``without_parameters``.
        method: as the report tells it; empty to take ``without_parameters`` for it.
    """
    known = method and name.startswith(method)
    rest = name[len(method if known else without_parameters(name, suffix)) :].strip(" /:")
    bare = rest[1:-1] if rest.startswith("[") else rest
    return "" if bare == "()" else bare


@lru_cache(maxsize=1024)
def normal_class(classname: str) -> str:
    r"""A class as agents spell it: ``Outer$Inner`` as ``Outer.Inner``, ``A::B`` and ``A\B`` as ``A.B``."""
    normal = classname.replace("::", ".").replace("\\", ".")
    # A title may speak of dollars.
    return (normal if _WHITE_SPACE.search(normal) else normal.replace("$", ".")).strip(". ")


@lru_cache(maxsize=1024)
def relative(file: str, bases: tuple[Path, ...]) -> str:
    """A file's POSIX path, relative to the checkout or another base when it is inside it."""
    windows = "\\" in file and "/" not in file
    path = PureWindowsPath(file).as_posix() if windows else file
    for base in bases:
        for spelled in (base, base.resolve()):
            inside = path.removeprefix(spelled.as_posix().rstrip("/") + "/")
            if inside != path:
                return str(PurePosixPath(inside))
    return str(PurePosixPath(path))


def named_in_checkout(name: str, bases: tuple[Path, ...], translate: Callable[[str], str] = str) -> str:
    """A name as it is on every machine: one that is a path inside a base is relative to it, a base is ``.``.

    Args:
        name: of a suite, a class or a test. Mocha and PHPUnit name suites by absolute paths.
        bases: the checkout, and the current directory.
        translate: as for ``code_ref``.
    """
    if not _ABSOLUTE.match(name):
        return name
    path = translate(name)
    if any(path.rstrip("/") == base.as_posix() for base in bases):
        return "."
    inside = relative(path, bases)
    return name if _ABSOLUTE.match(inside) else inside


def _file_of(suites: Sequence[Suite]) -> str:
    return next((suite.file for suite in reversed(suites) if suite.file), "")


@lru_cache(maxsize=1024)
def _place(classname: str, file: str, suite: str, bases: tuple[Path, ...]) -> _Place:
    found, inner = _file_and_class(classname, file, suite, bases)
    return _Place(found, inner, PurePosixPath(found).suffix.lower())


def _file_and_class(classname: str, file: str, suite: str, bases: tuple[Path, ...]) -> tuple[str, str]:
    if file:
        path = relative(file, bases)
        return path, _inside(classname, path)
    if classname in {"", _UNKNOWN_CLASS}:
        return "", ""
    named = _FILE_AND_LINE.fullmatch(classname)
    if named is not None and PurePosixPath(named[1]).suffix.lower() in _AS_CLASSNAME:
        return relative(named[1], bases), ""
    # green's classname is without the module, which its suite has.
    for dotted in (classname, suite if suite.endswith(f".{classname}") else ""):
        module = module_in(dotted, bases)
        if module is not None:
            return module
    return "", normal_class(classname)


def _joined(inner: str, method: str) -> str:
    method = method.replace("::", ".").strip()
    # PHPUnit and others put the class into the name as well.
    if not inner or method == inner or method.startswith(f"{inner}."):
        return method
    return inner if _DATA_ROW.match(method) else f"{inner}.{method}"


@lru_cache(maxsize=1024)
def _inside(classname: str, file: str) -> str:
    """The class within its file: the class name without the module's or package's dotted path."""
    if " > " in classname:
        # Bun's suites, from the innermost out.
        return ".".join(reversed(classname.split(" > ")))
    normal = normal_class(classname)
    names = normal.split(".") if normal else []
    path = PurePosixPath(file)
    suffix = path.suffix.lower()
    if not names or classname in {file, _UNKNOWN_CLASS}:
        return ""
    if suffix in _CPP:
        return _TYPE.sub(r"\1", classname)
    if suffix in _CLASS_FILES:
        # What stands before the class is the package.
        return ".".join(names[names.index(path.stem) :]) if path.stem in names else normal
    # tests/test_login.py and tests.test_login.TestLogin, spec/cart_spec.rb and spec.cart_spec: the longest
    # module path that fits is the file's already. Outside of Python a lone first name may be a title.
    parts = [*path.parent.parts, path.stem]
    shortest = 1 if suffix in _PYTHON else 2
    for length in range(len(names), shortest - 1, -1):
        if names[:length] == parts[-length:]:
            return ".".join(names[length:])
    return normal
