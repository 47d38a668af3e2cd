"""Make the reference of one test, step by step."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from onetest_ci.code_ref import Style
from onetest_ci.code_ref.languages import CPP, GO, PYTHON
from onetest_ci.code_ref.parameters import LONGEST_SPLIT, without_parameters
from onetest_ci.code_ref.paths import is_absolute, normal_class, relative, suffix_of, without_scheme
from onetest_ci.code_ref.python_modules import is_generated_by, module_in
from onetest_ci.code_ref.quirk import ClassInFile, LoneClass, Method, Test, rewritten
from onetest_ci.code_ref.quirks import (
    CLASSES,
    CLASSNAMES,
    LONE_CLASSES,
    LONE_METHODS,
    METHODS,
    METHODS_IN_CLASSES,
    TESTS,
)
from onetest_ci.model import Case, Suite


class _Place(NamedTuple):
    """A test's file and the class in it, or a dotted class alone; and the file's suffix."""

    file: str
    inner: str
    suffix: str


def code_ref(
    case: Case,
    *,
    suites: Sequence[Suite] = (),
    bases: tuple[Path, ...] = (),
    style: Style = "file",
    translate: Callable[[str], str] = str,
) -> str:
    """Return the reference of a case; see ``fitted`` for its length.

    Args:
        case: as a reader yields it.
        suites: those around it, from the outermost to its own.
        bases: directories that the report's paths and modules may start from; the first is the checkout.
        style: how to spell it.
        translate: from an absolute path of the machine that ran the tests to one of this machine.
    """
    if style == "raw" or len(case.classname) + len(case.name) + len(case.file) > LONGEST_SPLIT:
        return ".".join(part for part in (case.classname, case.name) if part)
    file = _file_of(case, suites, translate)
    classname, name = _class_and_name(case, file, suites, bases)
    place = _place(classname, file, suites[-1].name if suites else "", bases)
    method = case.method or without_parameters(name, place.suffix)
    if style == "dotted":
        normal = normal_class(classname.removeprefix("./"))
        return _joined((place.suffix in CPP and place.inner) or normal, method)
    return _in_place(place, method, bases)


def _file_of(case: Case, suites: Sequence[Suite], translate: Callable[[str], str]) -> str:
    """Return the file of a case or of the innermost suite that has one, on this machine."""
    file = case.file
    for suite in reversed(suites):
        file = file or suite.file
    file = without_scheme(file)
    if (case.classname or case.method) and file.endswith(GO):
        # Go's tests are named by their package. The file where one failed is not a part of its name.
        return ""
    if case.classname and is_generated_by(file, case.classname):
        return ""
    return translate(file) if is_absolute(file) else file


def _class_and_name(
    case: Case, file: str, suites: Sequence[Suite], bases: tuple[Path, ...]
) -> tuple[str, str]:
    """Return the class and the name of a test as most producers spell them."""
    classname, name = case.classname, case.name
    quirk_of_class = CLASSNAMES.get(classname)
    if quirk_of_class is not None and quirk_of_class.match(
        part := Test(classname, name, file, suites, bases)
    ):
        return quirk_of_class.rewrite(part), name
    test: Test | None = None
    for quirk in TESTS:
        if quirk.mark in name:
            test = test or Test(classname, name, file, suites, bases)
            if quirk.match(test):
                return quirk.rewrite(test)
    return classname, name


@lru_cache(maxsize=1024)
def _place(classname: str, file: str, suite: str, bases: tuple[Path, ...]) -> _Place:
    if file:
        path = relative(file, bases)
        found, inner = path, _class_in(classname, path)
    else:
        named = rewritten(LONE_CLASSES, LoneClass(classname, suite, bases)) if classname else None
        found, inner = named or ("", normal_class(classname))
    return _Place(found, inner, suffix_of(found))


def _class_in(classname: str, file: str) -> str:
    """Return the class within its file."""
    if not normal_class(classname):
        return ""
    inner = rewritten(CLASSES, ClassInFile(classname, file))
    return _without_module(normal_class(classname), file) if inner is None else inner


def _without_module(normal: str, file: str) -> str:
    """Return a class without the longest path of a module before it that is the end of the file's path.

    So ``TestCart`` of ``tests.test_cart.TestCart`` in ``src/tests/test_cart.py``, and nothing of
    ``spec.cart_spec`` in ``spec/cart_spec.rb``. Outside of Python a lone first name may be a title.
    """
    names = normal.split(".")
    path = PurePosixPath(file)
    parts = [*path.parent.parts, path.stem]
    shortest = 1 if path.suffix.lower() in PYTHON else 2
    for length in range(len(names), shortest - 1, -1):
        if names[:length] == parts[-length:]:
            return ".".join(names[length:])
    return normal


def _in_place(place: _Place, method: str, bases: tuple[Path, ...]) -> str:
    """Return the reference of a method in the style ``file``."""
    if not place.file:
        return _joined(place.inner, method) if place.inner else _without_place(method, bases)
    part: Method | None = None
    for quirk in METHODS:
        if quirk.mark in method:
            part = part or Method(method, *place)
            if quirk.match(part):
                method, part = quirk.rewrite(part), None
    if method == place.file or (place.inner in {"", method} and method == PurePosixPath(place.file).name):
        # Vitest, jest-junit and bats name a file that could not be loaded after itself; the JSON of Jest and
        # Vitest has only absolute paths, of which the last part is the name. In TRX it is the class as well.
        return place.file
    return f"{place.file}:{_joined(place.inner, method)}"


def _without_place(name: str, bases: tuple[Path, ...]) -> str:
    """Return the reference of a test that has nothing but a name."""
    module = module_in(name, bases)
    if module is not None and not module[1]:
        # pytest's error of a file that it could not collect is named after the module.
        return module[0]
    method = rewritten(LONE_METHODS, name)
    return (name if method is None else method).strip()


def _joined(inner: str, method: str) -> str:
    """Return the class and its method, joined by a dot."""
    method = method.replace("::", ".").strip()
    if not inner or method == inner:
        return method
    for quirk in METHODS_IN_CLASSES:
        if quirk.mark in method and quirk.match(part := Method(method, inner=inner)):
            return quirk.rewrite(part)
    return f"{inner}.{method}"
