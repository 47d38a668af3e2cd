"""``--code-ref-style``, and the warnings about references that link nothing."""

import json
import shutil
from pathlib import Path

import pytest

from support.collected import Collected

PYTEST = """<testsuites><testsuite name="pytest">
  <testcase classname="tests.test_cart.TestCart" name="test_price[1-5]"/>
</testsuite></testsuites>"""


VENV = ("py/venv/pyvenv.cfg", "py/venv/bin/python", "py/venv/tests/test_api.py")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    place = tmp_path / "shop"
    (place / "tests").mkdir(parents=True)
    (place / "tests" / "test_cart.py").touch()
    return place


def refs(found: Collected) -> list[str]:
    return [case["code_ref"] for case in found.cases]


@pytest.mark.parametrize(
    ("style", "ref"),
    [
        ("", "tests/test_cart.py:TestCart.test_price"),
        ("file", "tests/test_cart.py:TestCart.test_price"),
        ("dotted", "tests.test_cart.TestCart.test_price"),
        ("raw", "tests.test_cart.TestCart.test_price[1-5]"),
    ],
)
def test_styles(shop: Path, style: str, ref: str) -> None:
    (shop / "r.xml").write_text(PYTEST, encoding="utf-8")
    assert refs(Collected(shop, "r.xml", env={"ONETEST_CODE_REF_STYLE": style})) == [ref]
    if style:
        assert refs(Collected(shop, "r.xml", "--code-ref-style", style)) == [ref]


def test_pytest_that_ran_in_a_folder_of_the_checkout(shop: Path) -> None:
    (shop / "backend" / "tests").mkdir(parents=True)
    (shop / "backend" / "out").mkdir()
    (shop / "backend" / "tests" / "test_api.py").touch()
    report = shop / "backend" / "out" / "r.xml"
    report.write_text(PYTEST.replace("test_cart", "test_api"), encoding="utf-8")
    assert refs(Collected(shop, "backend/out")) == ["tests/test_api.py:TestCart.test_price"]


@pytest.mark.parametrize("suite", ["pytest", "backend"])
def test_a_module_that_ends_one_file_of_the_checkout(shop: Path, suite: str) -> None:
    """The report lies elsewhere, so that only the checkout shows where pytest ran: in `py`."""
    for module in ("py/tests/api/v1.2/test_api.py", "py/test_top.py", "lib/tests/api/v1x2/test_api.py"):
        (shop / module).parent.mkdir(parents=True, exist_ok=True)
        (shop / module).touch()
    report = f"""<testsuites name="pytest tests"><testsuite name="{suite}">
      <testcase classname="tests.api.v1.2.test_api.TestApi" name="test_a[1]"/>
      <testcase classname="test_top" name="test_b"/>
    </testsuite></testsuites>"""
    (shop / "r.xml").write_text(report, encoding="utf-8")
    found = Collected(shop, "r.xml")
    assert refs(found) == ["tests/api/v1.2/test_api.py:TestApi.test_a", "test_top.py:test_b"]
    assert found.warnings == []


@pytest.mark.parametrize(
    "others",
    [
        # Two files: which of them is meant is not guessed.
        ("py/tests/test_api.py", "lib/tests/test_api.py"),
        ("py/tests/test_api.py", "py/old/tests/test_api.py"),
        # Not the end of a path, another module, a folder, and what belongs to others.
        ("py/more.tests/test_api.py", "py/api_tests/test_api.py", "py/tests/test_api.pyi"),
        ("py/tests.py", "py/tests/test_api/__init__.py"),
        ("py/node_modules/tests/test_api.py", *VENV),
    ],
)
def test_a_module_that_is_not_found_is_not_guessed(shop: Path, others: tuple[str, ...]) -> None:
    for module in others:
        (shop / module).parent.mkdir(parents=True, exist_ok=True)
        (shop / module).touch()
    (shop / "r.xml").write_text(PYTEST.replace("test_cart", "test_api"), encoding="utf-8")
    found = Collected(shop, "r.xml")
    assert refs(found) == ["tests.test_api.TestCart.test_price"]
    assert "its file is not known" in found.warnings[0]


def test_only_modules_of_pytest_are_looked_for(shop: Path) -> None:
    (shop / "py" / "com" / "acme").mkdir(parents=True)
    (shop / "py" / "com" / "acme" / "cart.py").touch()
    report = '<testsuite name="com.acme.cart"><testcase classname="com.acme.cart" name="adds"/></testsuite>'
    (shop / "r.xml").write_text(report, encoding="utf-8")
    assert refs(Collected(shop, "r.xml")) == ["com.acme.cart.adds"]


def test_what_pytest_wrote_in_a_folder_of_a_monorepo(shop: Path) -> None:
    produced = Path(__file__).parents[1] / "data" / "produced" / "pytest"
    shutil.copytree(produced / "suite", shop / "services" / "cart")
    shutil.rmtree(shop / "tests")
    shutil.copy(produced / "reports" / "xunit2.xml", shop / "r.xml")
    expected = json.loads((produced / "expected.json").read_text(encoding="utf-8"))["xunit2.xml"]["cases"]
    assert set(refs(Collected(shop, "r.xml"))) == {case[2] for case in expected}


def test_attempts_of_a_test_count_once(shop: Path) -> None:
    case = '<testcase classname="cart" name="adds 2 items">{}</testcase>'
    cases = "".join(case.format(body) for body in ("<failure/>", "<failure/>", ""))
    (shop / "r.xml").write_text(f"<testsuite>{cases}</testsuite>", encoding="utf-8")
    assert [text.partition(" cannot")[0] for text in Collected(shop, "r.xml").warnings] == ["1 test"]


def test_one_warning_a_reason_with_a_count(shop: Path) -> None:
    cases = "".join(f'<testcase classname="cart" name="adds {n} items"/>' for n in range(20))
    long = f'<testcase classname="cart" name="{"x" * 2000}"/>'
    fine = '<testcase classname="cart" name="adds"/>'
    (shop / "r.xml").write_text(f"<testsuite>{cases}{long}{fine}</testsuite>", encoding="utf-8")
    found = Collected(shop, "r.xml")
    blank, too_long = found.warnings
    assert blank == (
        "20 tests cannot be linked to test cases by code_ref, such as 'cart.adds 0 items': "
        "it holds white space, which separates references in OneTest."
    )
    assert too_long.startswith("1 test cannot be linked to test cases by code_ref, such as 'cart.xxx")
    assert too_long.endswith(": it has more than the 1024 characters that OneTest keeps.")
    assert len(refs(found)[20]) == 1024


def test_pytest_without_its_modules_at_hand(shop: Path) -> None:
    (shop / "r.xml").write_text(PYTEST.replace("test_cart", "test_gone"), encoding="utf-8")
    found = Collected(shop, "r.xml")
    assert refs(found) == ["tests.test_gone.TestCart.test_price"]
    (warning,) = found.warnings
    assert "its module is not in the checkout" in warning
    assert "junit_family to xunit1" in warning
    assert Collected(shop, "r.xml", "--code-ref-style", "dotted", "--bundle", "b").warnings == []
