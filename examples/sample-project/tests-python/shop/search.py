"""Search in the catalogue."""

import html

CATALOGUE = ("Größe XL T-Shirt", "日本語の本", "Crème brûlée torch", "🧦 Socks, pair", 'Cable <1 m> & "plug"')


def find(words: str) -> list[str]:
    """Products whose name holds the words, letter case aside."""
    return [name for name in CATALOGUE if words.casefold() in name.casefold()]


def listing(names: list[str]) -> str:
    """The names as an HTML list."""
    return "".join(f"<li>{html.escape(name)}</li>" for name in names)
