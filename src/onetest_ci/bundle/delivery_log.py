"""What the service has acknowledged of a bundle, kept beside it as it happens."""

import json
from pathlib import Path
from typing import IO, Any, Final

from onetest_ci.bundle.format import DELIVERY, not_written

PLAN: Final = "plan"
"""The first step: how the bundle is delivered, recorded before the first call."""

DELIVERED: Final = "delivered"
"""The last step: nothing is left to send."""


class DeliveryLog:
    """The acknowledged steps of one bundle, one line of JSON each.

    A line is appended only after the service's answer. A torn last line is a step that was not recorded, and
    sending that step again is safe by its UUID. Nothing is written before the first step is recorded.

    Args:
        directory: the bundle.

    Raises:
        BundleError: the log is there and cannot be read.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / DELIVERY
        self._file: IO[bytes] | None = None
        self._steps: dict[str, dict[str, Any]] = {}
        self._whole = 0
        try:
            self._load(self._path.read_bytes())
        except FileNotFoundError:
            pass
        except OSError as problem:
            raise not_written(directory, problem) from None

    def _load(self, content: bytes) -> None:
        for line in content.splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            try:
                row = json.loads(line)
                self._steps[row["step"]] = row
            except (ValueError, KeyError, TypeError):
                break
            self._whole += len(line)

    def done(self, step: str) -> bool:
        """Whether the step was acknowledged."""
        return step in self._steps

    def get(self, step: str) -> dict[str, Any]:
        """What was recorded with a step, empty when it is not done."""
        return self._steps.get(step, {})

    def count(self, kind: str) -> int:
        """How many steps of a kind (``case`` of ``case/17``) were acknowledged."""
        return sum(step.startswith(f"{kind}/") for step in self._steps)

    def record(self, step: str, **data: Any) -> None:
        """Record an acknowledged step.

        Raises:
            BundleError: it cannot be written.
        """
        row = {"step": step, **data}
        try:
            if self._file is None:
                # Unbuffered: what was recorded outlives this process.
                self._file = self._path.open("ab", buffering=0)
                self._file.truncate(self._whole)
            self._file.write(json.dumps(row, separators=(",", ":")).encode() + b"\n")
        except OSError as problem:
            raise not_written(self._directory, problem) from None
        self._steps[step] = row

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
