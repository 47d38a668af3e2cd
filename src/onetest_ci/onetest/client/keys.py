"""Why a service may refuse a key, by the key's family and by earlier responses of the run.

See docs/onetest-api.md#api-keys. No text contains a part of a key but the prefix of its family.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from types import MappingProxyType
from typing import Final

from onetest_ci.redaction import Secret

REVOKED_AFTER: Final = "5 minutes"
"""How long OneTest may accept a revoked personal key (docs/onetest-api.md#api-keys)."""

_JWT: Final = re.compile(r"eyJ[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]*")
_RECEIVER: Final = "receiver"
_SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "membership": "membership",
        "test-management": "testcases",
        "artifacts": "artifacts",
        _RECEIVER: "autotests",
    }
)
"""The scope of each service without its action, by the service's path prefix."""
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LAST_TIME: Final = 253_402_300_799
"""Epoch seconds of the end of the year 9999."""


class Family(Enum):
    """What a key looks like, with a phrase for messages."""

    PERSONAL = "a personal key (ak_)"
    PRODUCT = "a product's own key (octo_ or rp_)"
    SESSION = "the token of a browser session (JWT)"
    OTHER = "a key of no known family"


def family_of(key: Secret) -> Family:
    """Return the family that a key looks like."""
    value = key.reveal()
    if value.startswith("ak_"):
        return Family.PERSONAL
    if value.startswith(("octo_", "rp_")):
        return Family.PRODUCT
    return Family.SESSION if _JWT.fullmatch(value) else Family.OTHER


def _needs_of(service: str) -> str:
    """Return which keys a service accepts, for messages."""
    if service == _RECEIVER:
        return f"{Family.PERSONAL.value} or {Family.PRODUCT.value}"
    return Family.PERSONAL.value


class KeyAdvisor:
    """Explains refusals of one run's keys.

    Args:
        key: the key for all services.
        receiver_key: the Receiver's, if it is another one.
        now: epoch seconds.
    """

    def __init__(
        self, key: Secret, receiver_key: Secret | None = None, *, now: Callable[[], float] = time.time
    ) -> None:
        self._key = key
        self._receiver_key = receiver_key
        self._now = now
        self._accepted: set[str] = set()

    def record_accepted(self, service: str) -> None:
        """Record that a service has accepted its key."""
        self._accepted.add(service)

    def not_accepted(self, service: str) -> str:
        """Return what to do about a 401 of a service."""
        variable = self._variable(service)
        if service in self._accepted:
            return (
                f"The {service} service accepted the same key earlier in this run, so the key has been "
                f"revoked or has expired since: OneTest refuses a revoked key within {REVOKED_AFTER}. Create "
                f"a new key in OneTest under Settings, and set {variable}."
            )
        if hint := self._of_family(service):
            return hint
        return (
            f"Set a current key ({variable}); keys are made in OneTest under Settings. The {service} service "
            f"needs {_needs_of(service)}. A key that worked a moment ago may be revoked: OneTest refuses it "
            f"within {REVOKED_AFTER}."
        )

    def not_allowed(self, service: str, method: str) -> str:
        """Return what to do about a 403 of a service."""
        if hint := self._of_family(service):
            return hint
        action = "read" if method in _READING else "write"
        scope = f" with the scope {_SCOPES[service]}:{action}" if service in _SCOPES else ""
        return (
            f"The {service} service needs {_needs_of(service)}{scope}. Give the key the scope it lacks, or "
            "make its owner a member of the product."
        )

    def _key_of(self, service: str) -> Secret:
        return self._receiver_key or self._key if service == _RECEIVER else self._key

    def _variable(self, service: str) -> str:
        """Return the variable that holds the key of a service."""
        if service != _RECEIVER:
            return "ONETEST_API_KEY"
        return (
            "ONETEST_RECEIVER_API_KEY"
            if self._receiver_key
            else "ONETEST_API_KEY or ONETEST_RECEIVER_API_KEY"
        )

    def _of_family(self, service: str) -> str:
        """Return the hint for a key whose family the service refuses; empty for any other."""
        key = self._key_of(service)
        family = family_of(key)
        if family is Family.SESSION:
            return (
                f"The key looks like {family.value}, {_end_of_session(key, self._now())}. Create an API key "
                f"in OneTest under Settings, and set it ({self._variable(service)}): the {service} service "
                f"needs {_needs_of(service)}."
            )
        if family is Family.PRODUCT and service != _RECEIVER:
            return (
                f"The key looks like {family.value}, which works at the Receiver alone. The {service} "
                f"service needs {_needs_of(service)}: set that as ONETEST_API_KEY, and the product's own key "
                "as ONETEST_RECEIVER_API_KEY."
            )
        return ""


def _end_of_session(key: Secret, now: float) -> str:
    """Return when the token of a session ends, as a clause."""
    found = _JWT.fullmatch(key.reveal())
    end = _expiry(found[1]) if found else None
    if end is None:
        return "which ends after a short time"
    verb = "ended" if end <= now else "ends"
    return f"which {verb} at {datetime.fromtimestamp(end, UTC):%Y-%m-%d %H:%M} UTC"


def _expiry(payload: str) -> float | None:
    """Return the end of a JWT in epoch seconds (RFC 7519, section 4.1.4); None without a usable one."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        end = claims.get("exp") if isinstance(claims, dict) else None
    except (ValueError, RecursionError):
        return None
    if isinstance(end, bool) or not isinstance(end, int | float) or not 0 <= end <= _LAST_TIME:
        return None
    return float(end)
