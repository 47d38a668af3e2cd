"""Launch mode: start a launch, send its items, finish it (docs/onetest-api.md#receiver)."""

from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.onetest.receiver import Receiver
from onetest_ci.outcome import DeliveredLaunch
from onetest_ci.push.context import PushContext
from onetest_ci.push.launch_items import LaunchItems, Progress
from onetest_ci.push.launch_series import LaunchSeries
from onetest_ci.push.ordered_pool import OrderedPool
from onetest_ci.push.setup import LaunchLinks
from onetest_ci.push.target import Target


class LaunchDelivery:
    """Sends one bundle as a launch. Acknowledged steps are not sent again.

    Args:
        context: the bundle, its log and its delivery.
        receiver: the service.
        target: whose launch it is.
        item_type: ``STEP`` or ``TEST``, the Receiver's type of a case (docs/onetest-api.md#start-an-item).
        progress: shows the cases sent.
        must_be_new: whether a launch that exists already is an error.
    """

    def __init__(
        self,
        context: PushContext,
        receiver: Receiver,
        target: Target,
        *,
        item_type: str,
        progress: Progress,
        must_be_new: bool = False,
    ) -> None:
        self._manifest, self._log, self._delivery = context.bundle.manifest, context.log, context.delivery
        self._receiver = receiver
        self._target = target
        self._must_be_new = must_be_new
        self._series = LaunchSeries.of(self._manifest, self._log, target)
        self._items = LaunchItems(
            context, receiver, self._series, item_type=item_type, is_shared=target.shared, progress=progress
        )

    @property
    def uuid(self) -> str:
        """UUID of the launch that items are sent to."""
        return self._series.uuid

    def start(self, links: LaunchLinks) -> None:
        """Start the launch, unless that was done or another process starts it."""
        step = self._series.step(Kind.LAUNCH)
        if self._log.done(step):
            pass
        elif self._target.starts:
            manifest = self._manifest
            started = self._receiver.start_launch(
                uuid=self.uuid,
                name=manifest.launch_name,
                start_ms=manifest.start_ms,
                description=manifest.launch_description,
                attributes=[*self._series.attributes, *manifest.attributes],
                build_id=links.build_id or None,
                environment_id=links.environment_id or None,
                build_version=links.build_version or None,
                may_exist=self._target.shared,
                must_be_new=self._must_be_new,
            )
            self._log.record(step, id=started.id, number=started.number, **links._asdict())
        else:
            self._log.record(step, id=self.uuid, number=None)
        self._update_launches()

    def send_items(self, pool: OrderedPool) -> None:
        """Send suites, cases and logs.

        Raises:
            Cancelled: the run was asked to stop.
        """
        self._items.send(pool)

    def finish(self, status: str | None = None, receiver: Receiver | None = None) -> None:
        """Finish the launch, unless that was done or another process finishes it.

        Args:
            status: ``interrupted`` if not all was sent. By default it follows from the launch's items.
            receiver: the service over another connection.
        """
        step = self._series.step(Kind.LAUNCH_FINISH)
        can_finish = self._target.finishes and self._log.done(self._series.step(Kind.LAUNCH))
        # The verdict of a case that was only started would be wrong in a finished launch.
        if self._log.done(step) or not can_finish or self._items.half_sent:
            return
        link = (receiver or self._receiver).finish_launch(
            uuid=self.uuid,
            end_ms=max(self._manifest.end_ms, self._items.end_ms),
            status=status,
            may_be_finished=self._target.shared,
        )
        self._log.record(step, link=link)
        self._update_launches()

    def _update_launches(self) -> None:
        """Set the delivery's launches to those that the log contains."""
        launches = []
        for part in self._series.parts():
            if started := self._log.get(Step(Kind.LAUNCH, part=part)):
                finished = self._log.get(Step(Kind.LAUNCH_FINISH, part=part))
                launches.append(DeliveredLaunch(started["id"], finished.get("link", ""), started["number"]))
        self._delivery.launches[:] = launches
