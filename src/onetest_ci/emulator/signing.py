"""Signed addresses: a file for an hour, a page to share.

See docs/onetest-api.md#artifacts: downloads are presigned URLs.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable

LIFETIME = 3600 * 1_000_000
_SHARE = 32


class Signer:
    """Signs with a secret that lives as long as the process.

    Args:
        clock: microseconds since 1970.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)

    def sign(self, path: str) -> tuple[str, int]:
        """The path with expiry and signature, and when it expires."""
        expires = self._clock() + LIFETIME
        return f"{path}?expires={expires}&signature={self._signature(path, str(expires))}", expires

    def accepts(self, path: str, expires: str | None, signature: str | None) -> bool:
        """Whether ``sign`` made this and it has not expired."""
        if not expires or not signature or not (expires.isascii() and expires.isdecimal()):
            return False
        expected = self._signature(path, expires)
        return hmac.compare_digest(expected.encode(), signature.encode()) and int(expires) > self._clock()

    def share(self, path: str) -> str:
        """What opens a page without a session, as long as this process lives: 128 bits of its signature."""
        return self._signature(path, "share")[:_SHARE]

    def is_shared(self, path: str, share: str | None) -> bool:
        """Whether ``share`` made this."""
        return hmac.compare_digest(self.share(path).encode(), (share or "").encode())

    def _signature(self, path: str, expires: str) -> str:
        return hmac.new(self._secret, f"{path}\n{expires}".encode(), hashlib.sha256).hexdigest()
