"""API keys (metered) and sessions of a browser (free). A token's prefix distinguishes them.

See docs/onetest-api.md#api-keys.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import string
from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

from onetest_ci.emulator import times
from onetest_ci.emulator.store import Store, pack, unpack

PERSONAL_PREFIX = "ak_"
PRODUCT_PREFIXES = ("octo_", "rp_")
KEY_PATTERN = re.compile(r"ak_[A-Z0-9]{32}")
# How long a revoked personal key may be accepted (docs/onetest-api.md#api-keys).
CACHE_SECONDS = 300

_ALPHABET = string.ascii_uppercase + string.digits
_LENGTH = 32
_CODE_BYTES = 24
_PREFIX_SHOWN = 8

SCOPES = (
    *(
        f"{resource}:{action}"
        for resource in ("autotests", "testcases", "testruns", "artifacts", "membership")
        for action in ("read", "write")
    ),
    "activity:read",
)
DEFAULT_SCOPES = ("autotests:read", "autotests:write")


class Kind(Enum):
    """The kinds of tokens."""

    SESSION = "a person's browser session"
    PERSONAL = "a person's API key, for all services"
    PRODUCT = "a product's own key, for the Receiver"


class Caller(NamedTuple):
    """The sender of a request.

    Attributes:
        kind: the kind of the token.
        key_id: the key's row; 0 for a session.
        default_product: the product that pays for a path without one.
        bound_product: the only product that the key reaches; empty if it reaches all of its person's.
        scopes: the rights of a product's key.
    """

    kind: Kind
    key_id: int = 0
    default_product: str = ""
    bound_product: str = ""
    scopes: frozenset[str] = frozenset()

    @property
    def is_session(self) -> bool:
        """Whether the request comes from a browser's session, which is free."""
        return self.kind is Kind.SESSION


class NewKey(NamedTuple):
    """The properties of a key to create. ``scopes`` and the fields after it are for a product's key only.

    See docs/onetest-api.md#api-keys.
    """

    name: str
    product_id: str
    prefix: str = PERSONAL_PREFIX
    bound: bool = False
    scopes: Iterable[str] = DEFAULT_SCOPES
    retention_days: int | None = None
    expires_at: int | None = None


def digest(token: str) -> bytes:
    """Return the hash of a token, which is stored in place of it.

    Plain SHA-256 is enough: 32 random characters are 165 bits, too many to guess, and a slow hash would delay
    every request.
    """
    return hashlib.sha256(token.encode()).digest()


def _base64(content: bytes) -> str:
    """Encode bytes as a JWT does (RFC 7515)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


_JWT_HEADER = _base64(b'{"alg":"HS256","typ":"JWT"}')


class Credentials:
    """Creates, checks and ends API keys and sessions.

    Keys are in the database. Sessions are JWTs, signed with a secret that exists as long as the process.

    Args:
        store: the database.
        clock: microseconds since 1970.
        cache_seconds: how long a personal key stays accepted without another look into the database.
    """

    def __init__(self, store: Store, clock: Callable[[], int], cache_seconds: float = CACHE_SECONDS) -> None:
        self._store = store
        self._clock = clock
        self._cache_time = round(cache_seconds * times.SECOND)
        self._cached: dict[bytes, tuple[Caller, int]] = {}
        self._used: dict[int, int] = {}
        self._secret = secrets.token_bytes(32)
        self._codes: set[bytes] = set()

    @property
    def cache_seconds(self) -> float:
        """Maximum seconds for which a revoked personal key is still accepted."""
        return self._cache_time / times.SECOND

    def create(self, new: NewKey, key: str | None = None) -> tuple[int, str]:
        """Store a key, by default a random one. Return its row and the key, which is not stored itself."""
        key = key or new.prefix + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        is_personal = new.prefix == PERSONAL_PREFIX
        row = self._store.insert(
            "api_keys",
            {
                "product_id": new.product_id,
                "name": new.name,
                "prefix": key[:_PREFIX_SHOWN],
                "hash": digest(key),
                "bound": new.bound or not is_personal,
                "scopes": None if is_personal else pack(list(new.scopes)),
                "retention_days": new.retention_days,
                "expires_at": new.expires_at,
                "created_at": self._clock(),
            },
        )
        return row, key

    def revoke(self, key_id: int) -> int:
        """End a key. Return the time from which it is refused.

        A product's key is looked up at each request and so ends at once; a personal key may be in the cache.
        """
        now = self._clock()
        self._store.run("UPDATE api_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, key_id)
        return max([now, *(until for caller, until in self._cached.values() if caller.key_id == key_id)])

    def open_session(self) -> str:
        """Return a session's token. It is valid until the server stops."""
        claims = {"sub": "local", "sid": secrets.token_hex(16), "iat": self._clock() // times.SECOND}
        signed = f"{_JWT_HEADER}.{_base64(json.dumps(claims).encode())}"
        return f"{signed}.{self._signature(signed)}"

    def sign_in_code(self) -> str:
        """Return a code that opens one session. It is valid once, until the server stops."""
        code = secrets.token_urlsafe(_CODE_BYTES)
        self._codes.add(digest(code))
        return code

    def redeem(self, code: str) -> str | None:
        """Return a new session's token for a code, and end the code. ``None`` if it is wrong or used."""
        hashed = digest(code)
        if hashed not in self._codes:
            return None
        self._codes.remove(hashed)
        return self.open_session()

    def identify(self, token: str) -> Caller | None:
        """Return the caller with this token; ``None`` if the token is not valid."""
        if not token.startswith((PERSONAL_PREFIX, *PRODUCT_PREFIXES)):
            signed, _, signature = token.rpartition(".")
            is_ours = hmac.compare_digest(signature.encode(), self._signature(signed).encode())
            return Caller(Kind.SESSION) if is_ours else None
        now = self._clock()
        hashed = digest(token)
        caller, until = self._cached.get(hashed, (None, 0))
        if until <= now:
            self._cached.pop(hashed, None)
            caller = self._look_up(hashed, now)
            if caller and caller.kind is Kind.PERSONAL and self._cache_time:
                self._cached[hashed] = (caller, now + self._cache_time)
        if caller and now - self._used.get(caller.key_id, 0) > times.MINUTE:
            self._used[caller.key_id] = now
            self._store.update("api_keys", caller.key_id, {"last_used_at": now})
        return caller

    def _signature(self, signed: str) -> str:
        return _base64(hmac.digest(self._secret, signed.encode(), "sha256"))

    def _look_up(self, hashed: bytes, now: int) -> Caller | None:
        row = self._store.row(
            "SELECT id, product_id, bound, scopes FROM api_keys WHERE hash = ? AND revoked_at IS NULL"
            " AND (expires_at IS NULL OR expires_at > ?)",
            hashed,
            now,
        )
        if row is None:
            return None
        home = row["product_id"]
        return Caller(
            Kind.PERSONAL if row["scopes"] is None else Kind.PRODUCT,
            row["id"],
            home,
            home if row["bound"] else "",
            frozenset(unpack(row["scopes"]) or ()),
        )
