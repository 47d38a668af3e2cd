from shop import total


def test_total() -> None:
    assert total([1, 2]) == 3


def test_wrong() -> None:
    assert total([1]) == 2
