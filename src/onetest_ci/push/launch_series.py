"""The launches that one bundle becomes: one, unless it had to be finished before all was sent.

A finished launch takes no more items (docs/onetest-api.md#finish-a-launch). If a push finds the launch
finished, as after a cancelled job, and has cases left, it sends them in a further launch that names the
first. Each case is in one launch of the series. From the second launch on, steps contain its number.
"""

from collections.abc import Iterator
from typing import NamedTuple, Self
from uuid import UUID, uuid5

from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.records import Manifest
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.push.target import Target


class LaunchSeries(NamedTuple):
    """The launches of a bundle, up to the current one.

    Attributes:
        log: the acknowledged steps.
        first_uuid: UUID of the first launch.
        current: the number of the launch that items are sent to, from 1.
    """

    log: DeliveryLog
    first_uuid: str
    current: int

    @classmethod
    def of(cls, manifest: Manifest, log: DeliveryLog, target: Target) -> Self:
        """Return the series of a bundle. A shared launch has no further ones."""
        if target.shared:
            return cls(log, target.uuid, 1)
        finished = 0
        while log.done(Step(Kind.LAUNCH_FINISH, part=finished + 1)):
            finished += 1
        # If finished launches have all cases, the rest (logs, files) needs no further launch.
        if finished and cls(log, manifest.launch_uuid, finished).sent_cases() >= manifest.cases:
            return cls(log, manifest.launch_uuid, finished)
        return cls(log, manifest.launch_uuid, finished + 1)

    @property
    def uuid(self) -> str:
        """UUID of the current launch."""
        return self.uuid_of(self.current)

    @property
    def attributes(self) -> list[tuple[str, str]]:
        """The attributes that mark the current launch as a further one."""
        return [] if self.current == 1 else [("continues", self.first_uuid)]

    def uuid_of(self, part: int) -> str:
        """Return the UUID of one launch."""
        return self.first_uuid if part == 1 else str(uuid5(UUID(self.first_uuid), f"launch/{part}"))

    def step(self, kind: Kind, ordinal: int | None = None) -> Step:
        """Return a step in the current launch."""
        return Step(kind, ordinal, part=self.current)

    def part_of_case(self, ordinal: int) -> int | None:
        """Return the number of the launch that has a case. None if the case was not sent."""
        return next(
            (part for part in self.parts() if self.log.done(Step(Kind.CASE, ordinal, part=part))), None
        )

    def sent_cases(self) -> int:
        """Return the number of acknowledged cases."""
        return sum(self.log.count(Kind.CASE, part) for part in self.parts())

    def parts(self) -> Iterator[int]:
        """Yield the numbers of the launches."""
        yield from range(1, self.current + 1)
