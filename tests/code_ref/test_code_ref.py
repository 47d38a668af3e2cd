"""code_refs, from what tools really write (docs/onetest-api.md#linking-to-test-cases)."""

import csv
import re
from pathlib import Path

import pytest

from onetest_ci.code_ref import STYLES, Style
from onetest_ci.code_ref.linking import LONGEST, fitted, problem_of
from onetest_ci.code_ref.parameters import parameters_of
from onetest_ci.code_ref.reference import code_ref
from onetest_ci.code_ref.speller import Speller
from onetest_ci.model import Case, Suite

TABLE = Path(__file__).parents[1] / "data" / "code_refs.tsv"
"""Class, name and files as tools write them, and what becomes of them; CHECKOUT stands for its path."""

IN_THE_CHECKOUT = (
    "broken/test_import.py",
    "my-tests/v1.2/test_a.py",
    "test_root.py",
    "tests/test_cart.py",
    "tests/test_params.py",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in IN_THE_CHECKOUT:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def rows() -> list[list[str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}: {row[4]}")
def test_references_of_each_tool(checkout: Path, row: list[str]) -> None:
    case, around = written(row, checkout)
    assert [code_ref(case, suites=around, bases=(checkout,), style=style) for style in STYLES] == row[6:]


def written(row: list[str], checkout: Path) -> tuple[Case, tuple[Suite, ...]]:
    """The case of a row, and the suites around it."""
    _, suites, suite_file, classname, name, file, *_ = row
    case = Case(0, None, name, classname, file=file.replace("CHECKOUT", str(checkout)))
    around = [Suite(n, None, suite) for n, suite in enumerate(suites.split(" ┆ "))]
    around[-1] = around[-1]._replace(file=suite_file.replace("CHECKOUT", str(checkout)))
    return case, tuple(around)


@pytest.mark.parametrize("style", STYLES)
def test_many_cases_are_spelled_as_each_alone(checkout: Path, style: Style) -> None:
    speller = Speller((checkout,), style)
    plain = ("test_x", "test_root", "_0", "x", "test_import", "é", "a" * 1200)
    for row in rows():
        case, around = written(row, checkout)
        # A name that is the class, the file or a part of one of them, too.
        words = re.findall(r"\w+", f"{case.classname} {case.file} {around[-1].file}")
        speller.enter(around)
        for name in (case.name, *plain, *words, *plain):
            for one in (case._replace(name=name), case._replace(name=name, method="told")):
                ref = code_ref(one, suites=around, bases=(checkout,), style=style)
                problem = problem_of(ref, around if style == "file" else ())
                assert speller.spell(one) == (fitted(ref), problem)


def test_a_file_in_the_checkout_is_relative_to_it(checkout: Path) -> None:
    inside = Case(0, None, "test_x", file=f"{checkout}/tests/test_a.py")
    outside = Case(0, None, "test_x", file="/other/tests/test_a.py")

    assert code_ref(inside, bases=(checkout,)) == "tests/test_a.py:test_x"
    assert code_ref(outside, bases=(checkout,)) == "/other/tests/test_a.py:test_x"
    assert code_ref(inside) == f"{checkout}/tests/test_a.py:test_x"


def test_a_checkout_that_is_reached_by_a_link(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(checkout)
    case = Case(0, None, "test_x", file=f"{checkout}/tests/test_a.py")

    assert code_ref(case, bases=(tmp_path / "link",)) == "tests/test_a.py:test_x"


@pytest.mark.parametrize("file", ["/home/runner/work/shop/tests/test_a.py", "D:\\a\\shop\\tests\\test_a.py"])
def test_a_file_of_the_machine_that_ran_the_tests(checkout: Path, file: str) -> None:
    def translate(path: str) -> str:
        return re.sub(r"^(/home/runner/work|D:/a)/shop", str(checkout), path.replace("\\", "/"))

    case = Case(0, None, "test_x", file=file)
    assert code_ref(case, bases=(checkout,), translate=translate) == "tests/test_a.py:test_x"


def test_the_first_base_that_has_the_module(checkout: Path) -> None:
    case = Case(0, None, "test_x", "test_cart.TestCart")

    assert code_ref(case, bases=(checkout, checkout / "tests")) == "test_cart.py:TestCart.test_x"
    assert code_ref(case, bases=(checkout,)) == "test_cart.TestCart.test_x"


@pytest.mark.parametrize(
    "classname", ["../tests.test_cart", "..tests.test_cart", "a\0b", "a" * 5000, "." * 5000]
)
def test_a_class_that_is_not_a_module(checkout: Path, classname: str) -> None:
    assert ".py:" not in code_ref(Case(0, None, "test_x", classname), bases=(checkout,))


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        ("a.py:A.b", ""),
        ("a.py:A b", "white space"),
        ("x\u00a0y", "white space"),
        ("x" * LONGEST, ""),
        ("x" * LONGEST + "x", "1024"),
    ],
)
def test_references_that_no_automation_test_id_can_equal(ref: str, says: str) -> None:
    problem = problem_of(ref)

    assert bool(problem) == bool(says)
    assert says in problem


@pytest.mark.parametrize("text", ["x.", "[", "(a", ' with data set "', "> ", " [x] (", "1 - "])
def test_an_absurdly_long_name_is_left_as_it_is(text: str) -> None:
    name = text * 1_000_000
    assert code_ref(Case(0, None, name, "c", file="a.py")) == f"c.{name}"
    assert parameters_of(name) == ""


def test_two_long_refs_stay_two_within_the_column() -> None:
    one, other = (code_ref(Case(0, None, "x" * 5000 + end, "y")) for end in "12")

    assert len(fitted(one)) == len(fitted(other)) == LONGEST
    assert fitted(one) != fitted(other)
    assert fitted(one) == fitted(one)
    assert fitted("x" * LONGEST) == "x" * LONGEST


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("test_x", ""),
        ("test_x[1-a]", "1-a"),
        ("test_x[a[0]-b c]", "a[0]-b c"),
        ("adds()", ""),
        ("adds(int, int)[2]", "(int, int)[2]"),
        ("testAdds with data set #0", "with data set #0"),
        ("shows an error [sic]", ""),
        ("Add many -- @1.2 Some", "-- @1.2 Some"),
    ],
)
def test_parameters(name: str, parameters: str) -> None:
    assert parameters_of(name) == parameters


@pytest.mark.parametrize(
    ("name", "method", "parameters"),
    [
        ('Price("a (b)")', "Price", '("a (b)")'),
        ("Price (Data Row 0)", "Price", "(Data Row 0)"),
        ("price[1, one]", "price", "1, one"),
        ("Adds two numbers", "adds", ""),
        ("adds", "adds", ""),
    ],
)
def test_parameters_behind_the_method_of_a_report(name: str, method: str, parameters: str) -> None:
    assert parameters_of(name, method=method) == parameters
