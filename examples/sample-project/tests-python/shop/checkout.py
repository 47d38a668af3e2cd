"""From a cart to an order."""

import logging
from dataclasses import dataclass

from shop.pricing import total

SHIPPING = {"standard": 490}

log = logging.getLogger("shop.checkout")


@dataclass(frozen=True)
class Order:
    """What the customer gets."""

    number: str
    cents: int


def place(lines: list[tuple[int, int]], delivery: str = "standard") -> Order:
    """Place an order."""
    if not lines:
        raise ValueError("the cart is empty")
    log.info("placing an order of %d lines, %s delivery", len(lines), delivery)
    return Order("SO-1042", total(lines) + _shipping(delivery))


def _shipping(delivery: str) -> int:
    return _price_list()[delivery]


def _price_list() -> dict[str, int]:
    return dict(SHIPPING)
