"""The log of the steps of a delivery that OneTest has acknowledged."""

import errno
import json
import os
import threading
from pathlib import Path
from typing import IO, Any, Final

from msgspec.json import Decoder

from onetest_ci.bundle.bundle import DELIVERY, DELIVERY_COUNT
from onetest_ci.bundle.directory_scan import refuse_special
from onetest_ci.bundle.hash_chain import HashChain, LineCount
from onetest_ci.bundle.schema import check_bounds, decoded
from onetest_ci.bundle.steps import Kind, Step, StepSet, is_complete
from onetest_ci.errors import BundleError, bundle_not_written

BAD_LOG: Final = "bad-delivery-log"
"""The error's code for a log that is damaged."""

LOG_LOST: Final = "delivery-log-lost"
"""The error's code if the launch exists and its delivery log does not."""

_LONGEST_LINE: Final = 16_384
"""Bytes. A step with all its data takes less than half of them."""

_ROW: Final = Decoder(dict[str, str | int | bool | None])


class DeliveryLog:
    """The acknowledged steps of one bundle, one line of JSON each.

    A line is appended only after the service's response, by any thread. No file exists before the first step
    is recorded. When ``record`` returns, the operating system has the line, so that it outlives this process.
    A line with data (IDs, an import) is on the disk then, so that it outlives a crash of the machine.

    A last line without its end is left by a killed process. That step is not recorded, and its UUID makes it
    safe to send it again. Any other damage is refused: an import that the log has lost would be repeated, and
    a test that it wrongly names would never be sent. A line without the data of its step does not
    count as acknowledged. A second file counts the lines, so that a log that was cut or removed is found.

    Args:
        directory: of the log. It is the bundle, unless the bundle is untrusted.
        bundle_digest: the digest of the bundle's manifest. The log of another bundle is refused.

    Raises:
        BundleError: the log is damaged or cannot be read, or the bundle contains links.
    """

    def __init__(self, directory: Path, bundle_digest: str) -> None:
        self.directory: Final = directory
        self._path = directory / DELIVERY
        self._count = LineCount(directory / DELIVERY_COUNT)
        self._chain = HashChain(bundle_digest)
        self._file: IO[bytes] | None = None
        self._steps = StepSet()
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
            self._count_line(line)
            self._add(row.pop("step"), row)

    def _add(self, key: str, data: dict[str, Any]) -> None:
        """Take a step as acknowledged, unless it is unknown or incomplete."""
        try:
            step = Step.parse(key)
        except ValueError:
            return
        if is_complete(step, data):
            self._steps.add(step, data)

    def _check_count(self) -> None:
        """Refuse a log whose last lines are missing, or that was removed."""
        try:
            expected = self._count.read()
        except OSError as problem:
            raise bundle_not_written(self.directory, problem) from None
        if expected is None and not self._lines:
            raise _damaged(self._path, f"it is missing or empty, and {DELIVERY_COUNT} is damaged")
        if expected is not None and self._lines < expected:
            raise _damaged(self._path, f"it has {self._lines:,} lines, and {expected:,} are expected")

    def done(self, step: Step) -> bool:
        """Return whether the step was acknowledged."""
        return step in self._steps

    def get(self, step: Step) -> dict[str, Any]:
        """Return the data that were recorded with a step. Empty if there are none."""
        return self._steps.get(step)

    def count(self, kind: Kind, part: int = 1) -> int:
        """Return the number of acknowledged steps of a kind in one launch of the series."""
        return self._steps.count(kind, part)

    def record(self, step: Step, **data: Any) -> None:
        """Record an acknowledged step.

        Raises:
            BundleError: the log cannot be written.
        """
        body = json.dumps({"step": step.key, **data}, separators=(",", ":")).encode()
        with self._writing:
            line = self._chain.link(body)
            try:
                if self._file is None:
                    # Unbuffered, so that a recorded line outlives this process.
                    self._file = self._path.open("ab", buffering=0)
                    self._file.truncate(self._whole)
                self._write(self._file, line)
                if data:
                    os.fsync(self._file.fileno())
                self._count.write(self._lines)
            except OSError as problem:
                raise bundle_not_written(self.directory, problem) from None
            self._steps.add(step, data)

    def _write(self, file: IO[bytes], line: bytes) -> None:
        """Append a whole line or nothing: after half a line, on a full disk, readers would stop."""
        if file.write(line) != len(line):
            file.truncate(self._whole)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._count_line(line)

    def _count_line(self, line: bytes) -> None:
        """Update the state for a line that is in the file."""
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
    """Remove the delivery log in a directory.

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
    """Return the members of a line: the key of its step, and the step's data.

    Raises:
        ValueError: the line is not a JSON object with a step.
    """
    row = decoded(_ROW, line)
    check_bounds(row)
    if not isinstance(row.get("step"), str) or not row["step"]:
        raise ValueError("it does not name a step")
    del row["sum"]
    return row
