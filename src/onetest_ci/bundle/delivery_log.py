"""What the service has acknowledged of a bundle, kept beside it as it happens."""

import errno
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from msgspec.json import Decoder

from onetest_ci.bundle.bundle import DELIVERY, DELIVERY_COUNT
from onetest_ci.bundle.directory_scan import refuse_special
from onetest_ci.bundle.hash_chain import HashChain, LineCount
from onetest_ci.bundle.schema import check_bounds, decoded
from onetest_ci.bundle.steps import Steps
from onetest_ci.errors import BundleError, bundle_not_written
from onetest_ci.onetest.links import web_link

PLAN: Final = "plan"
"""The first step: how the bundle is delivered, recorded before the first call."""

DELIVERED: Final = "delivered"
"""The last step: nothing is left to send."""

BAD_LOG: Final = "bad-delivery-log"
"""The error's code for a log that is damaged."""

LOG_LOST: Final = "delivery-log-lost"
"""The error's code if the launch exists and its delivery log does not."""

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

    A line is appended only after the service's answer, by any thread. Nothing is written before the first
    step is recorded. A line is the operating system's when ``record`` returns, so that it outlives this
    process; one that carries what the service told (ids, an import) is on the disk, so that it outlives the
    machine too.

    A last line without its end is what a killed process leaves: that step was not recorded, and sending it
    again is safe by its UUID. Any other damage is refused, since an import that the log has lost would be
    repeated, and a test that it wrongly names would never be sent. A step that lacks what its readers rely on
    was not recorded.

    Args:
        directory: where the log is; the bundle, unless somebody else made that.
        bundle_digest: the digest of the bundle's manifest; the log of another bundle does not fit.

    Raises:
        BundleError: the log is damaged or cannot be read, or the bundle holds links.
    """

    def __init__(self, directory: Path, bundle_digest: str) -> None:
        self.directory: Final = directory
        self._path = directory / DELIVERY
        self._count = LineCount(directory / DELIVERY_COUNT)
        self._chain = HashChain(bundle_digest)
        self._file: IO[bytes] | None = None
        self._steps = Steps()
        self._lines = 0
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
        self._check_count()

    def _load(self, lines: IO[bytes]) -> None:
        while (line := lines.readline(_LONGEST_LINE)).endswith(b"\n"):
            try:
                self._chain.check(line)
                row = _row(line)
            except ValueError:
                raise _damaged(self._path, f"line {self._lines + 1} is not as it was written") from None
            if _is_usable(row):
                self._steps.add(row)
            self._append(line)

    def _check_count(self) -> None:
        """Refuse a log that was cut off at its end, or removed."""
        try:
            expected = self._count.read()
        except OSError as problem:
            raise bundle_not_written(self.directory, problem) from None
        if expected is None and not self._lines:
            raise _damaged(self._path, f"it is missing or empty, and {DELIVERY_COUNT} is damaged")
        if expected is not None and self._lines < expected:
            raise _damaged(self._path, f"it has {self._lines:,} lines, and {expected:,} are expected")

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
        body = json.dumps(row, separators=(",", ":")).encode()
        with self._writing:
            line = self._chain.link(body)
            try:
                if self._file is None:
                    # Unbuffered: what was recorded outlives this process.
                    self._file = self._path.open("ab", buffering=0)
                    self._file.truncate(self._whole)
                self._write(self._file, line)
                if data:
                    os.fsync(self._file.fileno())
                self._count.write(self._lines)
            except OSError as problem:
                raise bundle_not_written(self.directory, problem) from None
            self._steps.add(row)

    def _write(self, file: IO[bytes], line: bytes) -> None:
        """Append a line whole or not at all: half a line, on a full disk, would end the log for readers."""
        if file.write(line) != len(line):
            file.truncate(self._whole)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._append(line)

    def _append(self, line: bytes) -> None:
        """Note that a line is in the file."""
        self._chain.add(line)
        self._lines += 1
        self._whole += len(line)

    def forget(self) -> None:
        """Close the files and remove them.

        Raises:
            BundleError: they cannot be removed.
        """
        self.close()
        forget_delivery(self.directory)

    def close(self) -> None:
        """Close the files."""
        self._count.close()
        if self._file is not None:
            self._file.close()
            self._file = None


def forget_delivery(directory: Path) -> None:
    """Remove the delivery log in a directory with all that it contains: ids, links, acknowledged steps.

    Raises:
        BundleError: the log cannot be removed.
    """
    try:
        # The count without its log would be damage.
        (directory / DELIVERY_COUNT).unlink(missing_ok=True)
        (directory / DELIVERY).unlink(missing_ok=True)
    except OSError as problem:
        raise bundle_not_written(directory, problem) from None


def _damaged(path: Path, why: str) -> BundleError:
    return BundleError(
        BAD_LOG,
        f"{path} is damaged, and nothing was sent: {why}. How much of the bundle OneTest has is not certain",
        "Look for its launch in OneTest. If all tests are there, the bundle is delivered; else push it again "
        "with --damaged-log resend.",
    )


def _row(line: bytes) -> dict[str, Any]:
    row = decoded(_ROW, line)
    check_bounds(row)
    if not isinstance(row.get("step"), str) or not row["step"]:
        raise ValueError("it does not name a step")
    del row["sum"]
    return row


def _is_usable(row: dict[str, Any]) -> bool:
    kind = row["step"].partition("/")[0].partition("@")[0]
    return all(name in row and fits(row[name]) for name, fits in _NEEDED.get(kind, {}).items()) and all(
        fits(row[name]) for name, fits in _OPTIONAL.get(kind, {}).items() if name in row
    )
