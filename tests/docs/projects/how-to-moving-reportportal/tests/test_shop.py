"""Two tests that pass, for the pages that run pytest."""


def test_the_total_is_the_sum() -> None:
    assert sum((3.00, 4.50)) == 7.50


def test_an_empty_cart_costs_nothing() -> None:
    assert sum(()) == 0
