"""Signed URLs: a file's is valid for an hour, a shared page's until the server stops.

See docs/onetest-api.md#artifacts: downloads are presigned URLs.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable

from onetest_ci.emulator import times

_SHARE_LENGTH = 32


class Signer:
    """Signs URLs with a secret that exists as long as the process.

    Args:
        clock: microseconds since 1970.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._secret = secrets.token_bytes(32)

    def sign(self, path: str) -> tuple[str, int]:
        """Return the path with expiry and signature, and the time at which it expires."""
        expires = self._clock() + times.HOUR
        return f"{path}?expires={expires}&signature={self._signature(path, str(expires))}", expires

    def accepts(self, path: str, expires: str | None, signature: str | None) -> bool:
        """Return whether the signature is ``sign``'s and has not expired."""
        if not expires or not signature or not (expires.isascii() and expires.isdecimal()):
            return False
        expected = self._signature(path, expires)
        return hmac.compare_digest(expected.encode(), signature.encode()) and int(expires) > self._clock()

    def share(self, path: str) -> str:
        """Return the token that opens a page without a session: 128 bits of its signature."""
        return self._signature(path, "share")[:_SHARE_LENGTH]

    def is_shared(self, path: str, share: str | None) -> bool:
        """Return whether the token is ``share``'s for this path."""
        return hmac.compare_digest(self.share(path).encode(), (share or "").encode())

    def _signature(self, path: str, expires: str) -> str:
        return hmac.new(self._secret, f"{path}\n{expires}".encode(), hashlib.sha256).hexdigest()
