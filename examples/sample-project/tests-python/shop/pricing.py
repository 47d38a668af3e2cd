"""Prices, in the smallest unit of their currency."""

DECIMALS = {"EUR": 2, "JPY": 0}


def total(lines: list[tuple[int, int]], discount_percent: int = 0) -> int:
    """Sum of price times quantity, less the discount."""
    if any(quantity < 0 for _price, quantity in lines):
        raise ValueError("a quantity cannot be negative")
    full = sum(price * quantity for price, quantity in lines)
    # The bug that a test finds: round() takes halves to the even number, invoices take them up.
    return round(full * (100 - discount_percent) / 100)


def spell(amount: int, currency: str) -> str:
    """The amount as a customer reads it."""
    decimals = DECIMALS[currency]
    return f"{amount / 10**decimals:.{decimals}f} {currency}"
