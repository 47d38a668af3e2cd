import pytest

from shop.api import Api


class TestCatalogue:
    def test_knows_its_products(self) -> None:
        assert Api().get("/products/torch")[0] == 200

    def test_unknown_product_is_404(self) -> None:
        assert Api().get("/products/größe") == (404, {"error": "no product 'größe'"})

    @pytest.mark.parametrize(("currency", "price"), [("EUR", "4.50 EUR"), ("JPY", "450 JPY")])
    def test_price_is_text(self, currency: str, price: str) -> None:
        assert Api().get("/products/socks", currency)[1]["price"] == price

    def test_stock_is_known(self) -> None:
        api = Api()
        api.get("/products/socks")
        assert api.get("/products/socks")[1]["stock"] == "3"
