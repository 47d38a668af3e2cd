"""Interface stub; the body follows."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from onetest_ci.onetest.endpoints import Endpoints
from onetest_ci.redaction import Redactor, Secret


class Reply(NamedTuple):
    """A 2xx answer: parsed JSON body (None when there is none) and the text."""

    status: int
    body: Any
    text: str


class Part(NamedTuple):
    """One part of a multipart/form-data body; a Path is opened and streamed at each try."""

    name: str
    content: bytes | Path
    content_type: str
    filename: str | None = None


class Http:
    """A connection to one OneTest."""

    def __init__(
        self,
        base_url: str,
        key: Secret,
        *,
        redact: Redactor,
        receiver_key: Secret | None = None,
        endpoints: Endpoints | None = None,
        connect_timeout: float = 10.0,
        read_timeout: float = 60.0,
        deadline_seconds: float = 900.0,
        ca_bundle: Path | None = None,
        debug: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Close the connections."""
        raise NotImplementedError

    @property
    def calls(self) -> dict[str, int]:
        """Requests put on the wire, per service."""
        raise NotImplementedError

    @property
    def total_calls(self) -> int:
        """Requests put on the wire, over all services."""
        raise NotImplementedError

    def send(
        self,
        name: str,
        *,
        values: Mapping[str, str],
        candidate: int = 0,
        json: Any = None,
        multipart: Sequence[Part] = (),
        content: bytes | Path | None = None,
        content_type: str = "application/octet-stream",
        query: Mapping[str, str] | None = None,
        repeated: bool = False,
    ) -> Reply:
        """Make the named call."""
        raise NotImplementedError
