"""What the service has acknowledged of a bundle, kept beside it as it happens."""

import errno
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from msgspec.json import Decoder

from onetest_ci.bundle.entries import refuse_special
from onetest_ci.bundle.format import DELIVERY
from onetest_ci.bundle.shape import check_bounds, decoded
from onetest_ci.bundle.steps import Steps
from onetest_ci.errors import bundle_not_written
from onetest_ci.onetest.links import web_link

PLAN: Final = "plan"
"""The first step: how the bundle is delivered, recorded before the first call."""

DELIVERED: Final = "delivered"
"""The last step: nothing is left to send."""

_LONGEST_ID: Final = 255
_LONGEST_LINE: Final = 16_384
"""Bytes; a step with all that it carries takes less than half of that."""


_ROW: Final = Decoder(dict[str, str | int | bool | None])


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_ID and value.isprintable()


def _is_link(value: object) -> bool:
    return value == "" or bool(web_link(value))


def _is_number(value: object) -> bool:
    return value is None or type(value) is int


def _is_flag(value: object) -> bool:
    return type(value) is bool


_IDS: Final[dict[str, Callable[[object], bool]]] = dict.fromkeys(("environment_id", "build_id"), _is_id)

# What a step's readers rely on; each must be there and be so.
_NEEDED: Final[dict[str, dict[str, Callable[[object], bool]]]] = {
    PLAN: {"mode": lambda value: value in {"launch", "import"}},
    "launch": {"id": _is_id, "number": _is_number},
    "launch-finish": {"link": _is_link},
    "import": {"id": _is_id, "url": _is_link},
    "import-sent": {"open": _is_flag},
    "shift": {"ms": lambda value: type(value) is int},
}
# What may be missing.
_OPTIONAL: Final[dict[str, dict[str, Callable[[object], bool]]]] = {
    PLAN: {"product_id": _is_id, "launch": _is_id},
    "launch": _IDS,
    "membership": _IDS,
}


class DeliveryLog:
    """The acknowledged steps of one bundle, one line of JSON each.

    A line is appended only after the service's answer, by any thread. A torn last line is a step that was not
    recorded, and sending that step again is safe by its UUID. Nothing is written before the first step is
    recorded. A line is the operating system's when ``record`` returns, so that it outlives this process; one
    that carries what the service told (ids, an import) is on the disk, so that it outlives the machine too.
    A line that ``record`` would not have written ends the log like a torn one; a step that lacks what its
    readers rely on was not recorded.

    Args:
        directory: the bundle.

    Raises:
        BundleError: the log is there and cannot be read, or the bundle holds links.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / DELIVERY
        self._file: IO[bytes] | None = None
        self._steps = Steps()
        self._whole = 0
        self._writing = threading.Lock()
        refuse_special(directory)
        try:
            with self._path.open("rb") as lines:
                self._load(lines)
        except FileNotFoundError:
            pass
        except OSError as problem:
            raise bundle_not_written(directory, problem) from None

    def _load(self, lines: IO[bytes]) -> None:
        while line := lines.readline(_LONGEST_LINE):
            if not line.endswith(b"\n"):
                break
            try:
                row = _row(line)
            except ValueError:
                break
            if _is_usable(row):
                self._steps.add(row)
            self._whole += len(line)

    def done(self, step: str) -> bool:
        """Whether the step was acknowledged."""
        return step in self._steps

    def get(self, step: str) -> dict[str, Any]:
        """What was recorded with a step, empty when nothing was."""
        return self._steps.get(step)

    def count(self, kind: str) -> int:
        """How many steps of a kind (``case`` of ``case/17``) were acknowledged."""
        return self._steps.count(kind)

    def record(self, step: str, **data: Any) -> None:
        """Record an acknowledged step.

        Raises:
            BundleError: it cannot be written.
        """
        row = {"step": step, **data}
        line = json.dumps(row, separators=(",", ":")).encode() + b"\n"
        with self._writing:
            try:
                if self._file is None:
                    # Unbuffered: what was recorded outlives this process.
                    self._file = self._path.open("ab", buffering=0)
                    self._file.truncate(self._whole)
                self._write(self._file, line)
                if data:
                    os.fsync(self._file.fileno())
            except OSError as problem:
                raise bundle_not_written(self._directory, problem) from None
            self._steps.add(row)

    def _write(self, file: IO[bytes], line: bytes) -> None:
        """Append a line whole or not at all: half a line, on a full disk, would end the log for readers."""
        if file.write(line) != len(line):
            file.truncate(self._whole)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._whole += len(line)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _row(line: bytes) -> dict[str, Any]:
    row = decoded(_ROW, line)
    check_bounds(row)
    if not isinstance(row.get("step"), str) or not row["step"]:
        raise ValueError("it is no step")
    return row


def _is_usable(row: dict[str, Any]) -> bool:
    kind = row["step"].partition("/")[0].partition("@")[0]
    return all(name in row and fits(row[name]) for name, fits in _NEEDED.get(kind, {}).items()) and all(
        fits(row[name]) for name, fits in _OPTIONAL.get(kind, {}).items() if name in row
    )
