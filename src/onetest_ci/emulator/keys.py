"""Who is calling: API keys (metered) and sessions (free), told apart by prefix (contract §1); coins (§2)."""

import hashlib
import re
import secrets
import string
from collections.abc import Callable
from typing import NamedTuple

from onetest_ci.emulator.store import Store

KEY_PREFIX = "ak_"
KEY_PATTERN = re.compile(r"ak_[A-Z0-9]{32}")
_ALPHABET = string.ascii_uppercase + string.digits
_LENGTH = 32
_PREFIX_SHOWN = 8

_SECOND = 1_000_000
_WEEK = 7 * 24 * 3600 * _SECOND
_MINUTE = 60 * _SECOND


class Caller(NamedTuple):
    """Who sent a request.

    A key acts as its user on every product; ``home`` is charged where the path names no product.
    """

    is_session: bool
    key_id: int = 0
    home: str = ""


class Usage(NamedTuple):
    """Coins of one week, from ``start`` to ``end`` (microseconds)."""

    coins: int
    start: int
    end: int


def digest(token: str) -> bytes:
    """What is stored of a key.

    Plain SHA-256 is right here: 32 random characters are 165 bits, which no one can try out, and a slow hash
    would be paid on every request.
    """
    return hashlib.sha256(token.encode()).digest()


class Keys:
    """API keys in the database, sessions in memory.

    Args:
        store: the database.
        clock: microseconds since 1970.
    """

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock
        self._sessions: set[bytes] = set()

    def create(self, product_id: str, name: str, key: str | None = None) -> str:
        """Store a key, a new random one by default; the answer is the only time it is seen."""
        key = key or KEY_PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        self._store.insert(
            "api_keys",
            {
                "product_id": product_id,
                "name": name,
                "prefix": key[:_PREFIX_SHOWN],
                "hash": digest(key),
                "created_at": self._clock(),
            },
        )
        return key

    def open_session(self) -> str:
        """A token for a signed-in person; good until the server stops."""
        token = "sess_" + secrets.token_urlsafe(32)
        self._sessions.add(digest(token))
        return token

    def identify(self, token: str) -> Caller | None:
        """Whose token this is; ``None`` when it is nobody's."""
        if not token.startswith(KEY_PREFIX):
            return Caller(is_session=True) if digest(token) in self._sessions else None
        row = self._store.row(
            "SELECT id, product_id, last_used_at FROM api_keys WHERE hash = ? AND revoked_at IS NULL",
            digest(token),
        )
        if row is None:
            return None
        if self._clock() - (row["last_used_at"] or 0) > _MINUTE:
            self._store.update("api_keys", row["id"], {"last_used_at": self._clock()})
        return Caller(is_session=False, key_id=row["id"], home=row["product_id"])

    def charge(self, product_id: str) -> None:
        """Count one coin: one per call, the dearest reading of the documents (contract §2.4)."""
        start = self._window(product_id)
        self._store.run(
            "INSERT INTO usage (product_id, window_start, coins) VALUES (?, ?, 1)"
            " ON CONFLICT DO UPDATE SET coins = coins + 1",
            product_id,
            start,
        )

    def usage(self, product_id: str) -> Usage:
        """Coins of the current week."""
        start = self._window(product_id)
        coins = self._store.value(
            "SELECT coins FROM usage WHERE product_id = ? AND window_start = ?", product_id, start
        )
        return Usage(coins or 0, start, start + _WEEK)

    def _window(self, product_id: str) -> int:
        """When the current week began; weeks count from the product's creation (contract §2.1)."""
        created: int = self._store.value("SELECT created_at FROM products WHERE id = ?", product_id)
        return created + (self._clock() - created) // _WEEK * _WEEK
