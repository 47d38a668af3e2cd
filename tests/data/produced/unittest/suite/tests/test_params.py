from nose2.tools import params


@params(1, 2)
def test_price(count):
    assert count == 1


class PriceTest:
    pass
