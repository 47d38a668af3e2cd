from prices import price


def test_price() -> None:
    assert price() == 1
