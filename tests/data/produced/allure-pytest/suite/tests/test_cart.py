import os

import allure
import pytest


@allure.feature("cart")
@allure.severity("critical")
class TestCart:
    def test_adds(self):
        with allure.step("put it in"):
            allure.attach("größe 38", "size", allure.attachment_type.TEXT)

    @pytest.mark.parametrize("count", [1, 2])
    def test_price(self, count):
        assert count < 2, "too dear"

    def test_not_on_ci(self):
        pytest.skip("not on CI")


def test_database():
    raise RuntimeError("no database")


def test_flaky():
    first = not os.path.exists("tried")
    open("tried", "w").close()
    assert not first, "not yet"
