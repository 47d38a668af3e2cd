"""What became of a bundle."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, NamedTuple, Self

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.errors import BudgetExhausted, OnetestError, Refused, ServiceError
from onetest_ci.notices import WARNING, Notice, texts
from onetest_ci.redaction import Redactor

_TOO_MANY_LOST: Final = 20


class UploadStatus(StrEnum):
    """One word for the outcome of delivery, for programs."""

    DELIVERED = "delivered"
    PARTIAL = "partial"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class DeliveredLaunch:
    """A launch as OneTest told of it.

    Attributes:
        id: empty when an import did not say.
        url: a link that the service answered, else empty.
        number: the launch's number, None when not told.
    """

    id: str
    url: str = ""
    number: int | None = None

    def redacted(self, redact: Redactor) -> Self:
        """Return the launch without secrets."""
        return replace(self, id=redact(self.id), url=redact(self.url))


@dataclass(slots=True, kw_only=True)
class Delivery:
    """What became of a bundle, filled as it goes.

    Attributes:
        status: one word; ``skipped`` until something is sent.
        mode: ``launch`` or ``import``, empty before it is chosen.
        why: why that mode, and what it loses; for people.
        estimate: most calls it may take.
        calls: calls made, by service.
        launches: launches in OneTest, the first first.
        environment_id: environment that the launch is linked to, may be empty.
        build_id: build that the launch is linked to, may be empty.
        sent: cases acknowledged, those of earlier pushes of the same bundle included.
        total: cases to send.
        artifacts: files of the run that arrived.
        lost: what OneTest would not take, a sentence each.
        notices: what people should know besides.
        error: why delivery stopped, None when it came to its end.
    """

    status: UploadStatus = UploadStatus.SKIPPED
    mode: str = ""
    why: str = ""
    estimate: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    launches: list[DeliveredLaunch] = field(default_factory=list)
    environment_id: str = ""
    build_id: str = ""
    sent: int = 0
    total: int = 0
    artifacts: int = 0
    lost: list[str] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    error: OnetestError | None = None

    def warn(self, kind: str, text: str) -> None:
        """Note what people should know; ``kind`` as in ``Notice``."""
        self.notices.append(Notice(kind, text))

    def record_refused(self, what: str, why: ServiceError) -> None:
        """Note what OneTest would not take, so that the rest goes on.

        Raises:
            ServiceError: ``why``, when the rest would fare no better.
        """
        nothing_passes = len(self.lost) >= _TOO_MANY_LOST > self.sent
        if nothing_passes or not is_refusal_of_call(why):
            raise why
        self.lost.append(f"{what}: {why.message}")

    def redacted(self, redact: Redactor) -> Self:
        """Return the same without secrets."""
        return replace(
            self,
            why=redact.text(self.why),
            launches=[launch.redacted(redact) for launch in self.launches],
            environment_id=redact(self.environment_id),
            build_id=redact(self.build_id),
            lost=list(map(redact.text, self.lost)),
            notices=[notice.redacted(redact, redact.text) for notice in self.notices],
            error=self.error and self.error.redacted(redact.text),
        )

    @property
    def total_calls(self) -> int:
        """Calls made over all services."""
        return sum(self.calls.values())

    @property
    def launch_id(self) -> str:
        """The first launch's id; empty when nobody told it."""
        return self.launches[0].id if self.launches else ""

    @property
    def launch_url(self) -> str:
        """The first launch's link; empty when nobody told it."""
        return self.launches[0].url if self.launches else ""

    def as_dict(self) -> dict[str, Any]:
        """The part of the JSON outcome that tells of delivery."""
        return {
            "mode": self.mode,
            "why": self.why,
            "launches": [{"id": one.id, "url": one.url, "number": one.number} for one in self.launches],
            "cases_sent": self.sent,
            "cases_total": self.total,
            "artifacts_sent": self.artifacts,
            "api_calls": {"estimate": self.estimate, "total": self.total_calls, "by_service": self.calls},
            "lost": self.lost,
            "warnings": texts(self.notices, WARNING),
            "error": self.error.as_dict() if self.error else None,
        }


def is_refusal_of_call(error: ServiceError) -> bool:
    """Whether other calls may still succeed: the service took offence at this one's content alone.

    A fault (500) may be of that kind too; where all calls meet one, the circuit ends the delivery.
    """
    if isinstance(error, (Refused, BudgetExhausted)) or error.code == "rate-limited":
        return False
    return 400 <= error.status <= 500  # noqa: PLR2004 - the client errors of HTTP, and the plain fault


class PushContext(NamedTuple):
    """A bundle on its way: what is sent, what was acknowledged, and what became of it."""

    bundle: Bundle
    log: DeliveryLog
    delivery: Delivery
