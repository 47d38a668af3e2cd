from collections.abc import Callable

import pytest

from shop.pricing import spell, total


@pytest.fixture(scope="session", autouse=True)
def build(record_testsuite_property: Callable[[str, object], None]) -> None:
    record_testsuite_property("build", "1.4.2")
    record_testsuite_property("browser", "none")


def test_total_is_sum_of_lines() -> None:
    assert total([(450, 2), (2990, 1)]) == 3890


@pytest.mark.parametrize(("percent", "expected"), [(0, 1000), (10, 900), (100, 0)])
def test_discount_percent(percent: int, expected: int) -> None:
    assert total([(1000, 1)], percent) == expected


def test_discount_rounds_half_up(record_property: Callable[[str, object], None]) -> None:
    record_property("requirement", "SHOP-142")
    assert total([(25, 1)], 50) == 13, "0.125 € rounds up to 0.13 €"


def test_negative_quantity_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        total([(450, -1)])


def test_prices_in_yen_have_no_decimals() -> None:
    assert spell(450, "JPY") == "450 JPY"
