"""The API keys: their kinds, and which of them goes to which service. No key is shown.

See docs/onetest-api.md#api-keys.
"""

from collections.abc import Iterator
from typing import Final

from onetest_ci.doctor.finding import Area, Finding, note, ok, warning
from onetest_ci.onetest.client.keys import Family, family_of
from onetest_ci.redaction import Secret
from onetest_ci.settings.connection import ConnectionSettings
from onetest_ci.settings.option import variable_name

_SHOWN: Final = 4
_SHORTEST_SHOWN: Final = 13
"""Characters of the shortest key whose last four are shown."""

OTHERS: Final = "Gateway, Membership, Test Management and Artifacts"


def described(key: Secret) -> str:
    """Return the kind of a key, and its last four characters if it has more than twelve."""
    value = key.reveal()
    end = f" that ends in {value[-_SHOWN:]}" if len(value) >= _SHORTEST_SHOWN else ""
    return family_of(key).value + end


def keys(settings: ConnectionSettings) -> Iterator[Finding]:
    """Yield which key goes where, and what is likely to be wrong with it. A missing key is not a finding."""
    main, own = settings.api_key, settings.receiver_api_key
    if main is not None and own is None:
        yield ok(Area.KEYS, "key", f"The API key goes to all services: it is {described(main)}.")
    if main is not None and own is not None:
        yield ok(Area.KEYS, "key", f"The API key goes to {OTHERS}: it is {described(main)}.")
    if own is not None:
        yield ok(
            Area.KEYS,
            "receiver-key",
            f"The Receiver's own key goes to the Receiver alone: it is {described(own)}.",
        )
    yield from _doubts(main, own)


def _doubts(main: Secret | None, own: Secret | None) -> Iterator[Finding]:
    kinds = [family_of(key) for key in (main, own) if key is not None]
    if Family.SESSION in kinds:
        yield warning(
            Area.KEYS,
            "session-token",
            f"A key looks like {Family.SESSION.value}, which expires soon.",
            "Create an API key in OneTest under Settings and use that.",
        )
    if main is None or family_of(main) is not Family.PRODUCT:
        return
    if own is not None and family_of(own) is Family.PERSONAL:
        yield warning(
            Area.KEYS,
            "keys-swapped",
            f"{variable_name('api-key')} holds {Family.PRODUCT.value}, which other services than the "
            f"Receiver are likely to refuse, and {variable_name('receiver-api-key')} a personal key.",
            "Exchange the two.",
        )
    elif own is None:
        yield note(
            Area.KEYS,
            "product-key",
            f"{Family.PRODUCT.value.capitalize()} is made for the Receiver. {OTHERS} are likely to refuse "
            "it; then builds and environments are not set up.",
            f"Set {variable_name('api-key')} to a personal key (ak_), and "
            f"{variable_name('receiver-api-key')} to this one.",
        )
