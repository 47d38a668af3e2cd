"""Secrets that cannot be printed by accident, and their removal from text by value."""

import base64
import json
import shutil
from collections.abc import Iterable
from typing import IO, Any, Final, Protocol, Self, TypeVar, cast
from urllib.parse import quote

from onetest_ci.model import with_texts

MASK: Final = "***"
_CHUNK: Final = 1024 * 1024


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes, none at the end."""


Record = TypeVar("Record", bound=tuple[Any, ...])


class Secret:
    """A value that shows itself only to a caller who asks for it by name.

    Args:
        value: the secret text.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret text; only for the header that needs it."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


class Redactor:
    """Replaces secrets in text by value, in their plain, JSON, XML, URL and base64 forms.

    Args:
        secrets: what must not be shown; empty ones are ignored.
    """

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        values = {secret.reveal() for secret in secrets} - {""}
        forms = {form for value in values for form in _forms(value)}
        # Longest first, so that a form that holds another is replaced whole.
        self._forms: Final = sorted(forms, key=len, reverse=True)
        self._byte_forms: Final = [form.encode() for form in self._forms]

    @classmethod
    def none(cls) -> Self:
        """A redactor for runs without a secret."""
        return cls()

    def copy(self, source: Readable, target: IO[bytes]) -> None:
        """Copy a file with its secrets replaced, also where one lies across two reads."""
        if not self._forms:
            shutil.copyfileobj(cast("IO[bytes]", source), target, _CHUNK)
            return
        overlap = max(map(len, self._byte_forms)) - 1
        rest = b""
        while chunk := source.read(_CHUNK):
            data = bytes(self.encoded(rest + chunk))
            keep = max(len(data) - overlap, 0)
            target.write(data[:keep])
            rest = data[keep:]
        target.write(rest)

    def record(self, record: Record) -> Record:
        """Return a named tuple with the secrets in all its texts replaced, in those of nested tuples too.

        To be done before any text is cut: a part of a secret could not be recognised.
        """
        return with_texts(record, self) if self._forms else record

    def encoded(self, text: bytes | bytearray) -> bytes | bytearray:
        """Return UTF-8 text with each secret replaced by ``***``."""
        for form in self._byte_forms:
            if form in text:
                text = text.replace(form, MASK.encode())
        return text

    def __call__(self, text: str) -> str:
        """Return ``text`` with each secret replaced by ``***``."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, MASK)
        return text


def _forms(value: str) -> Iterable[str]:
    """The value, as JSON, XML and URLs spell it, and the parts of its base64 that hold in any context."""
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield quote(value, safe="")
    text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    yield text
    yield text.replace('"', "&quot;")
    raw = value.encode()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode()
        # The first and last quantum mix with neighbouring bytes; the middle is the same in any context.
        stable = encoded[4 if shift else 0 : len(encoded) - 4]
        if len(stable) >= len(value):
            yield stable
