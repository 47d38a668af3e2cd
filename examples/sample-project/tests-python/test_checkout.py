import logging
import socket
import sys
from collections.abc import Callable

import pytest

from shop.checkout import Order, place
from shop.label import label


@pytest.fixture
def warehouse() -> socket.socket:
    connection = socket.socket()
    connection.connect(("127.0.0.1", 9))
    return connection


def test_pays_and_prints_label(
    attach: Callable[[str, bytes], None], record_property: Callable[[str, object], None]
) -> None:
    record_property("requirement", "SHOP-7")
    record_property("owner", "Zoë")
    order = place([(450, 2)])
    attach("label.png", label(order.number))
    attach("order-注文.log", f"order {order.number}: {order.cents} cents, 2 x 🧦\n".encode())
    assert order == Order("SO-1042", 1390)


def test_express_delivery(attach: Callable[[str, bytes], None], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    attach("express.log", b"GET /delivery/express\n404 no such delivery\n")
    assert place([(450, 2)], delivery="express").cents == 1890


def test_reserves_stock(warehouse: socket.socket) -> None:
    warehouse.sendall(b"RESERVE socks 2\n")


def test_releases_stock(warehouse: socket.socket) -> None:
    warehouse.sendall(b"RELEASE socks 2\n")


def test_receipt_is_printed() -> None:
    print("\x1b[32mReceipt\x1b[0m: 2 x 🧦 = 9,00 €")
    print("thermal printer not found, using a file", file=sys.stderr)


def test_empty_cart_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        place([])
