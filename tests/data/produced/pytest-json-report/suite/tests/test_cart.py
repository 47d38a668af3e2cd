"""A cart: what a report of pytest can say of a test."""

import sys
from pathlib import Path

import pytest


class TestCart:
    def test_adds(self):
        print("adding größe-注文")
        print("to standard error", file=sys.stderr)
        assert 1 + 1 == 2

    def test_total(self):
        print("[[ATTACHMENT|out/cart.txt]]")
        assert "7 €" == "8 €"

    @pytest.mark.parametrize(("count", "price"), [(1, 5), (2, 11)])
    def test_price(self, count, price):
        assert count * 5 == price

    @pytest.mark.parametrize("text", ["a[0]-b c", "größe", "tab\t<&>"])
    def test_text(self, text):
        assert text

    class TestEmpty:
        def test_is_empty(self):
            assert not []


@pytest.fixture
def broken():
    raise ConnectionError("no database")


def test_needs_the_database(broken):
    pass


@pytest.fixture
def leaking():
    yield
    raise RuntimeError("left open")


def test_closes(leaking):
    pass


def test_closes_late(leaking):
    assert False, "open"


@pytest.mark.skip(reason="not on CI")
def test_skipped():
    pass


@pytest.mark.xfail(reason="known")
def test_expected_failure():
    assert False


@pytest.mark.xfail(reason="known", strict=True)
def test_unexpected_pass():
    pass


def test_properties(record_property):
    record_property("attachment", "out/cart.txt")
    record_property("issue", "SHOP-7")


def test_control_characters():
    print("\x1b[31mred\x1b[0m \x00")
    assert False, "bell \x07"


def test_flaky():
    marker = Path("attempted")
    if not marker.exists():
        marker.touch()
        assert False, "first time"
