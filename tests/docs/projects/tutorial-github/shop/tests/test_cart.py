def total(*prices):
    return round(sum(prices), 1)


def test_the_total_is_the_sum():
    assert total(3.00, 4.50) == 7.50


def test_cents_are_kept():
    assert total(0.99, 0.50) == 1.49
