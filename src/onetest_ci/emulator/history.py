"""A believable history."""

from onetest_ci.emulator.calls import Parts


def fill(parts: Parts, product_id: str) -> None:
    """Fill."""
