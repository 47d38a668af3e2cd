"""Tables of how single producers spell a test: one row for each quirk, in the order of use.

A row is checked against its example, and the example against the file below ``tests/data`` where it stands.
"""

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from onetest_ci.code_ref.languages import CLASS_FILES, CPP, FILE_AS_CLASS, JAVASCRIPT, PYTHON
from onetest_ci.code_ref.paths import normal_class, relative, suffix_of
from onetest_ci.code_ref.python_modules import module_in
from onetest_ci.code_ref.quirk import ClassInFile, LoneClass, Method, Parameters, Quirk, Test
from onetest_ci.model import Suite

_NODE_CLASS: Final = "test"

_FIXTURE: Final = re.compile(r"^((?:setUp|tearDown)(?:Class|Module)) \(([\w.]+)\)$")
_FILE_AND_LINE: Final = re.compile(r"(.*?\.[a-z+]{1,7})(?::\d+)?", re.DOTALL)
_TYPE: Final = re.compile(r"^([\w/]+?)/\d+$")
_TITLES: Final = re.compile(r" [›>] ")  # noqa: RUF001 - Playwright writes it between titles
_TAP_NUMBER: Final = re.compile(r"^(?:\d+ - |#\d+ )(?=\S)")
_BOOST_ROW: Final = re.compile(r"^_\d+$")
_WORD: Final = re.compile(r"(\w+)(:\d+$)?")
_DATA_SET: Final = re.compile(r"(\S+) with data set [#\"]", re.DOTALL)
_EXAMPLE: Final = re.compile(r"(.+?) -- @\d+\.\d", re.DOTALL)
_NUMBERED: Final = re.compile(r"(.+?) - #\d+(?:\.\d+)?$", re.DOTALL)
_ROW: Final = re.compile(r"(.+?) - row \d+$", re.DOTALL)
_SIGNATURE: Final = re.compile(r"^([^\s(){}\[\]]+)\([^()]*\)(?:\[\d+\])?$", re.DOTALL)
_BRACES: Final = re.compile(r"^([^\s(){}\[\]]+)\{[^{}]*\}(?:\[\d+\])?$", re.DOTALL)
_BRACKETS: Final = re.compile(r"^([^\s\[]+)\[.*\]$", re.DOTALL)
_VALUE: Final = re.compile(r"^(\w+)/\w+$", re.DOTALL)


def _fixture(name: str) -> tuple[str, str]:
    """Return the class and the name of a fixture that unittest names."""
    match = _FIXTURE.match(name)
    return (match[2], match[1]) if match else ("", name)


def _is_of_node(test: Test) -> bool:
    """Return whether the class ``test`` is node:test's.

    No suite's name ends so, and the file is JavaScript, or without a file no Python module has that name.
    """
    if test.suite.endswith(_NODE_CLASS):
        return False
    if test.file:
        return suffix_of(test.file) in JAVASCRIPT
    return module_in(_NODE_CLASS, test.bases) is None


def _is_last_of_titles(test: Test) -> bool:
    """Return whether the classname is the test's title, and the name ends with both titles."""
    has_all = test.classname and test.file and test.suite
    return bool(has_all) and test.name.endswith(f"{test.suite} {test.classname}")


def _is_of_qt(suites: Sequence[Suite]) -> bool:
    return any(name == "QTestVersion" for suite in suites[-1:] for name, _ in suite.properties)


def _file_as_class(classname: str) -> str:
    """Return the file, without the line, that is a test's classname. Empty if the classname is a class."""
    match = _FILE_AND_LINE.fullmatch(classname)
    return match[1] if match is not None and suffix_of(match[1]) in FILE_AS_CLASS else ""


def _module(dotted: str, bases: tuple[Path, ...]) -> tuple[str, str]:
    return module_in(dotted, bases) or ("", "")


def _without_package(part: ClassInFile) -> str:
    """Return the class without its package. The class begins at the file's name, if it contains that."""
    normal = normal_class(part.classname)
    names = normal.split(".")
    stem = PurePosixPath(part.file).stem
    return ".".join(names[names.index(stem) :]) if stem in names else normal


def _subtest(name: str) -> re.Match[str] | None:
    """Return a match whose first group is the method, in ``test``, ``test:1`` or ``test [text] (key=value)``.

    The text and the values may each be missing. None for another name.
    """
    word = _WORD.match(name)
    rest = name[word.end() :] if word else ""
    if not rest:
        return word
    has_message, has_values = rest.startswith(" ["), rest.endswith(")")
    if has_message and has_values:
        return word if "] (" in rest else None
    return word if (has_message and rest.endswith("]")) or (has_values and rest.startswith(" (")) else None


CLASSNAMES: Final[dict[str, Quirk[Test, str]]] = {
    "<unknown>": Quirk(
        # Its names are file:Class.method already.
        "Avocado",
        match=lambda _: True,
        rewrite=lambda _: "",
        example=(Test("<unknown>", "tests/test_cart.py:CartTest.test_adds"), ""),
        source="produced/unittest/reports/avocado.xml",
    ),
    _NODE_CLASS: Quirk(
        # The titles around a test are its suites.
        "node:test",
        match=_is_of_node,
        rewrite=lambda test: ".".join(suite.name for suite in test.suites if suite.name),
        example=(
            Test("test", "costs nothing", suites=(Suite(0, None, "cart"), Suite(1, 0, "when it is empty"))),
            "cart.when it is empty",
        ),
        source="produced/node-test/reports/report.xml",
    ),
}
"""Classnames that a producer writes for all of its tests. A row that matches returns the class."""

TESTS: Final[tuple[Quirk[Test, tuple[str, str]], ...]] = (
    Quirk(
        # It cuts the name of a failed fixture at the last dot.
        "nose2",
        mark=")",
        match=lambda test: test.classname.startswith(("setUp", "tearDown")) and test.name.endswith(")"),
        rewrite=lambda test: _fixture(f"{test.classname}.{test.name}"),
        example=(
            Test("setUpClass (tests.test_cart", "SetUpTest)"),
            ("tests.test_cart.SetUpTest", "setUpClass"),
        ),
        source="produced/unittest/reports/nose2.xml",
    ),
    Quirk(
        "unittest-xml-reporting",
        mark=" (",
        match=lambda test: _FIXTURE.match(test.name) is not None,
        rewrite=lambda test: _fixture(test.name),
        example=(
            Test("", "setUpClass (tests.test_cart.SetUpTest)"),
            ("tests.test_cart.SetUpTest", "setUpClass"),
        ),
        source="produced/unittest/reports/unittest-xml-reporting.xml",
    ),
    Quirk(
        "mocha-junit-reporter",
        mark=" ",
        match=_is_last_of_titles,
        rewrite=lambda test: ("", test.name),
        example=(
            Test("adds an item", "cart adds an item", "test/cart.test.js", (Suite(0, None, "cart"),)),
            ("", "cart adds an item"),
        ),
        source="produced/mocha/reports/report.xml",
    ),
    Quirk(
        # Its JUnit form has the class as the suite alone.
        "Qt Test 5",
        match=lambda test: not test.classname and _is_of_qt(test.suites),
        rewrite=lambda test: (test.suite, test.name),
        example=(
            Test("", "adds", suites=(Suite(0, None, "CartTest", properties=(("QTestVersion", "5.15.8"),)),)),
            ("CartTest", "adds"),
        ),
        source="produced/qtest-xml/reports/xunit.xml",
    ),
)
"""Class and name of a test. The first row that matches rewrites both."""

LONE_CLASSES: Final[tuple[Quirk[LoneClass, tuple[str, str]], ...]] = (
    Quirk(
        # busted writes the line as well.
        "Vitest, Playwright, Deno, bats, doctest, busted",
        match=lambda part: bool(_file_as_class(part.classname)),
        rewrite=lambda part: (relative(_file_as_class(part.classname), part.bases), ""),
        example=(LoneClass("spec/cart_spec.lua:2"), ("spec/cart_spec.lua", "")),
        source="produced/busted/reports/report.xml",
    ),
    Quirk(
        "pytest with junit_family=xunit2, nose2, subunit",
        match=lambda part: module_in(part.classname, part.bases) is not None,
        rewrite=lambda part: _module(part.classname, part.bases),
        example=(
            LoneClass("tests.test_cart.TestCart", "pytest"),
            ("tests/test_cart.py", "TestCart"),
        ),
        source="produced/pytest/reports/xunit2.xml",
    ),
    Quirk(
        # Its classname is without the module, which its suite has.
        "green",
        match=lambda part: (
            part.suite.endswith(f".{part.classname}") and module_in(part.suite, part.bases) is not None
        ),
        rewrite=lambda part: _module(part.suite, part.bases),
        example=(
            LoneClass("CartTest", "tests.test_cart.CartTest"),
            ("tests/test_cart.py", "CartTest"),
        ),
        source="produced/unittest/reports/green.xml",
    ),
)
"""A class without a file. The first row that matches returns the file and the class in it."""

CLASSES: Final[tuple[Quirk[ClassInFile, str], ...]] = (
    Quirk(
        # It writes the suites from the innermost out.
        "Bun",
        match=lambda part: " > " in part.classname,
        rewrite=lambda part: ".".join(reversed(part.classname.split(" > "))),
        example=(ClassInFile("when it is empty > cart", "src/cart.test.ts"), "cart.when it is empty"),
        source="produced/bun/reports/report.xml",
    ),
    Quirk(
        "Vitest and others, which write the file for the class",
        match=lambda part: part.classname == part.file,
        rewrite=lambda _: "",
        example=(ClassInFile("src/cart.test.js", "src/cart.test.js"), ""),
        source="produced/vitest/reports/report.xml",
    ),
    Quirk(
        # A typed test has the number of its type.
        "GoogleTest",
        match=lambda part: suffix_of(part.file) in CPP,
        rewrite=lambda part: _TYPE.sub(r"\1", part.classname),
        example=(ClassInFile("Typed/0", "cart_test.cc"), "Typed"),
        source="produced/gtest/reports/report.xml",
    ),
    Quirk(
        "PHPUnit, and producers for Java and .NET",
        match=lambda part: suffix_of(part.file) in CLASS_FILES,
        rewrite=_without_package,
        example=(ClassInFile("Shop.Tests.CartTest", "tests/CartTest.php"), "CartTest"),
        source="produced/phpunit/reports/report.xml",
    ),
)
"""A class in its file. The first row that matches rewrites it."""

DATA_ROWS: Final = (
    Parameters(
        "PHPUnit",
        mark=" with data set ",
        method=_DATA_SET.match,
        example=('testPrice with data set "one item"', "testPrice"),
        source="produced/phpunit/reports/report.xml",
    ),
    Parameters(
        "behave",
        mark=" -- @",
        method=_EXAMPLE.match,
        example=("Add many -- @1.1 Some", "Add many"),
        source="produced/behave/reports/TESTS-cart.xml",
    ),
    Parameters(
        "Cucumber",
        mark=" - #",
        method=_NUMBERED.match,
        example=("Add many - Some - #1.1", "Add many - Some"),
        source="produced/cucumber-js/reports/report.xml",
    ),
    Parameters(
        "radish",
        mark=" - row ",
        method=_ROW.match,
        example=("Add many - row 0", "Add many"),
        source="produced/radish/reports/report.xml",
    ),
)
"""Data of one run behind a name. The first quirk that matches removes it."""

ARGUMENTS: Final = (
    Parameters(
        "JUnit 5",
        mark="(",
        method=_SIGNATURE.match,
        example=("price(int, int)[2]", "price"),
        source="produced/junit5-console/reports/TEST-junit-jupiter.xml",
    ),
    Parameters(
        "JUnit 5 in Surefire 2",
        mark="{",
        method=_BRACES.match,
        example=("adds{int, int}[1]", "adds"),
        source="code_refs.tsv",
    ),
    Parameters(
        # An id may contain any text, so the parameters begin at the first bracket. Titles have white space.
        "pytest, TestNG, Ant",
        mark="[",
        method=_BRACKETS.match,
        example=("test_price[1-5]", "test_price"),
        source="produced/pytest/reports/xunit2.xml",
    ),
    Parameters(
        "unittest and nose2",
        mark="",
        method=_subtest,
        example=("test_prices (count=2)", "test_prices"),
        source="produced/unittest/reports/unittest-xml-reporting.xml",
        suffixes=PYTHON,
    ),
    Parameters(
        "GoogleTest",
        mark="/",
        method=_VALUE.match,
        example=("IsFive/0", "IsFive"),
        source="produced/gtest/reports/report.xml",
        suffixes=CPP,
    ),
)
"""Arguments behind a method. The first row that matches removes them."""

METHODS: Final[tuple[Quirk[Method, str], ...]] = (
    Quirk(
        "Vitest, Playwright, Deno",
        mark=" ",
        match=lambda method: method.suffix in JAVASCRIPT,
        rewrite=lambda method: _TITLES.sub(".", method.name),
        example=(
            Method("cart › adds an item", "shop/cart.spec.js", suffix=".js"),  # noqa: RUF001 - as above
            "cart.adds an item",
        ),
        source="produced/playwright/reports/report.xml",
    ),
    Quirk(
        # A file that cannot be loaded has no name but its classname.
        "bats",
        mark="./",
        match=lambda method: method.name.startswith("./"),
        rewrite=lambda method: method.name.removeprefix("./"),
        example=(Method("./orders.bats", "orders.bats", suffix=".bats"), "orders.bats"),
        source="produced/bats/reports/report.xml",
    ),
    Quirk(
        "pytest's node id as a name",
        mark="::",
        match=lambda method: method.name.startswith(f"{method.file}::"),
        rewrite=lambda method: method.name[len(method.file) + 2 :],
        example=(Method("tests/test_a.py::TestA::test_x", "tests/test_a.py", suffix=".py"), "TestA::test_x"),
        source="code_refs.tsv",
    ),
)
"""A method in a file. Each row that matches rewrites what the rows before it left."""

METHODS_IN_CLASSES: Final[tuple[Quirk[Method, str], ...]] = (
    Quirk(
        "PHPUnit and others that put the class into the name",
        mark=".",
        match=lambda method: method.name.startswith(f"{method.inner}."),
        rewrite=lambda method: method.name,
        example=(Method("login.shows", inner="login"), "login.shows"),
        source="code_refs.tsv",
    ),
    Quirk(
        # The class of a data-driven case is its test.
        "Boost.Test",
        mark="_",
        match=lambda method: _BOOST_ROW.match(method.name) is not None,
        rewrite=lambda method: method.inner,
        example=(Method("_0", inner="cart.price"), "cart.price"),
        source="produced/boost-test/reports/report.xml",
    ),
)
"""A method of a class. The first row that matches returns both together."""

LONE_METHODS: Final[tuple[Quirk[str, str], ...]] = (
    Quirk(
        # The number changes when a test is added before this one.
        "prove, tap-xunit",
        match=lambda name: _TAP_NUMBER.match(name) is not None,
        rewrite=lambda name: _TAP_NUMBER.sub("", name),
        example=("2 - totals", "totals"),
        source="produced/prove/reports/report.xml",
    ),
)
"""A name without class and file. The first row that matches rewrites it."""
