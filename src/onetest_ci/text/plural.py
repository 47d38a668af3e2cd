"""Numbers with their nouns, for people."""


def plural(number: float, noun: str) -> str:
    """Return ``1 test``, ``2 tests``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
