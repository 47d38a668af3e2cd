"""``--code-ref-style`` and what people are told of references that link nothing."""

from pathlib import Path

import pytest

from support.collected import Collected

PYTEST = """<testsuites><testsuite name="pytest">
  <testcase classname="tests.test_cart.TestCart" name="test_price[1-5]"/>
</testsuite></testsuites>"""


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
