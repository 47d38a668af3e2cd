import pytest


class TestCart:
    @pytest.mark.parametrize(("count", "price"), [(1, 5), (2, 10)])
    def test_price(self, count, price):
        print("[[ATTACHMENT|out/cart.txt]]")
        assert count * 5 == price
