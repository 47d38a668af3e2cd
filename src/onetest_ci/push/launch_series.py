"""The launches that one bundle becomes: one, unless it had to be finished before all was sent.

A finished launch takes no more items (docs/onetest-api.md#finish-a-launch). So a push that finds the launch
finished, as after a job was cancelled, and has cases left, sends them in a further launch, which names the
first. Each case is in one of them; the names of steps tell in which: those of the second end in ``@2``.
"""

from collections.abc import Iterator
from uuid import UUID, uuid5

from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.records import Manifest
from onetest_ci.push.target import Target


class LaunchSeries:
    """Which launch is the one to send to, and what its steps are called.

    Args:
        manifest: what is sent.
        log: what was acknowledged.
        target: a launch that is shared is the only one.
    """

    def __init__(self, manifest: Manifest, log: DeliveryLog, target: Target) -> None:
        self._manifest = manifest
        self._log = log
        self._target = target
        self.number = self._current()
        self.uuid = self.uuid_of(self.number)
        end = _end(self.number)
        self.launch, self.finish = f"launch{end}", f"launch-finish{end}"
        self.suite, self.suite_finish, self.case = f"suite{end}", f"suite-finish{end}", f"case{end}"

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """What a further launch is marked with."""
        return [] if self.number == 1 else [("continues", self.uuid_of(1))]

    def uuid_of(self, part: int) -> str:
        """The UUID of one of them."""
        if self._target.shared:
            return self._target.uuid
        own = self._manifest.launch_uuid
        return own if part == 1 else str(uuid5(UUID(own), f"launch/{part}"))

    def of_case(self, ordinal: int) -> int | None:
        """Which of them holds a case; None when it was not sent."""
        parts = range(1, self.number + 1)
        return next((part for part in parts if self._log.done(f"case{_end(part)}/{ordinal}")), None)

    def sent(self) -> int:
        """How many cases were acknowledged."""
        return sum(self._log.count(f"case{_end(part)}") for part in range(1, self.number + 1))

    def all_steps(self) -> Iterator[tuple[str, str]]:
        """The steps of start and finish of each."""
        for part in range(1, self.number + 1):
            yield f"launch{_end(part)}", f"launch-finish{_end(part)}"

    def _current(self) -> int:
        part = 1
        while self._log.done(f"launch-finish{_end(part)}") and not self._target.shared:
            part += 1
        # With all cases in those that are finished, what is left, logs or files, needs no further one.
        self.number = part
        return part - 1 if part > 1 and self.sent() >= self._manifest.cases else part


def _end(part: int) -> str:
    return "" if part == 1 else f"@{part}"
