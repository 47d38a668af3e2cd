def test_total() -> None:
    assert 2 + 3 == 5


def test_discount() -> None:
    assert 10 * 0.9 == 8
