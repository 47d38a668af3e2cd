"""The catalogue over HTTP, without the HTTP."""

from dataclasses import dataclass, field

from shop.pricing import spell

_PRICES = {"socks": 450, "torch": 2990}


@dataclass
class Api:
    """Answers requests; its stock cache is cold on the first one."""

    warm: set[str] = field(default_factory=set)

    def get(self, path: str, currency: str = "EUR") -> tuple[int, dict[str, str]]:
        """Status and body for a path such as ``/products/socks``."""
        name = path.rpartition("/")[2]
        if name not in _PRICES:
            return 404, {"error": f"no product {name!r}"}
        stock = "3" if name in self.warm else "unknown"
        self.warm.add(name)
        return 200, {"price": spell(_PRICES[name], currency), "stock": stock}
