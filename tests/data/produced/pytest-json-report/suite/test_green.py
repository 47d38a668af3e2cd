import cart


def test_adds():
    assert cart.add(1, 1) == 2
