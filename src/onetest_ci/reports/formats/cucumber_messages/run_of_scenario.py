"""One run of a scenario: results of its steps and hooks, errors, output and files, until it ends."""

from typing import Final

from onetest_ci.model import BAD, ERROR, Attachment
from onetest_ci.reports.engine.embedded import embedded, typed_file
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.limits import MOST_OTHERS, warn_of_many
from onetest_ci.reports.engine.lines import MOST_HELD, PrintedText, PrintedTotal
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.recorder import AttemptFields
from onetest_ci.reports.formats.cucumber import LOG, STEPS, scenario_status
from onetest_ci.reports.formats.cucumber_messages.scenarios import Plan, identity

NOT_ENDED: Final = "the scenario did not end"

_PRINTED: Final = frozenset({LOG, "text/uri-list"})
"""Types of attachments that scenarios print: lines of the log, and links."""

_LONGEST_MESSAGE: Final = 1000


class RunOfScenario:
    """A run of a scenario that has begun.

    Args:
        started: the message about its start; empty if the file does not contain it.
        plan: its steps; None if the file does not contain them.
        reading: collects warnings.
        held: the space of the texts and files of all scenarios that run.

    Attributes:
        started: as above.
        plan: as above.
        test_case: the identity of the plan.
    """

    def __init__(self, started: Fields, plan: Plan | None, reading: Reading, held: PrintedTotal) -> None:
        self.started = started
        self.plan = plan
        self.test_case = identity(started, "testCaseId")
        self._reading = reading
        self._held = held
        self._left = dict(zip(plan.steps, plan.labels, strict=True)) if plan is not None else {}
        self._statuses: dict[str, None] = {}
        self._message = self._kind = ""
        self._printed = PrintedText(reading, held)
        self._errors = PrintedText(reading, held)
        self._files: list[Attachment] = []
        self._size = 0

    def end_step(self, finished: Fields) -> None:
        """Read the result of a step or a hook."""
        label = self._left.pop(identity(finished, "testStepId"), "step")
        result = finished.object("testStepResult")
        # A missing word is not a pass: the producer writes one for each step.
        status = result.word("status") or "unknown"
        self._statuses[status if status in STEPS else "?"] = None
        self._printed.add(f"{label} … {status[:60]}\n")
        if STEPS.get(status, ERROR) in BAD:
            message, kind, details = reason_in(result)
            if not self._message:
                self._message, self._kind = message or f"{label}: {status}", kind
            self._errors.add(f"{details or self._message}\n")

    def attach(self, attachment: Fields) -> None:
        """Read a line of the log, a link, or a file: inside the report, or beside it."""
        body, url, name = (attachment.text(key) for key in ("body", "url", "fileName"))
        kind = attachment.text("mediaType")
        if kind in _PRINTED:
            self._printed.add(f"{body}\n")
        elif "://" in url:
            self._printed.add(f"{name or kind}: {url}\n")
        elif url:
            self._add([Attachment(url, name)], 0)
        elif attachment.word("contentEncoding") == "base64":
            self._add(embedded(body, name, kind, self._reading), len(body))
        else:
            self._add([typed_file(body.encode("utf-8", "replace"), name, kind)], len(body))

    def _add(self, files: list[Attachment], size: int) -> None:
        if len(self._files) >= MOST_OTHERS or self._held.size + size > MOST_HELD:
            warn_of_many(self._reading)
            return
        self._files += files
        self._size += size
        self._held.size += size

    def end(self, finished: Fields | None) -> tuple[AttemptFields, list[Attachment]]:
        """Return verdict, time, texts and files, and free their space.

        Args:
            finished: the message about its end; None if the run ended before it.
        """
        self._held.size -= self._size
        status = scenario_status(self._statuses, self._reading)
        message, details = self._message, self._errors.take()
        if (finished is None or self._left or not self._is_complete) and status not in BAD:
            missing = next(iter(self._left.values()), "")
            status = ERROR
            message = f"{NOT_ENDED}: {missing}" if missing else NOT_ENDED
        for label in self._left.values():
            self._printed.add(f"{label} … not run\n")
        fields = AttemptFields(
            status=status,
            seconds=_seconds(self.started, finished),
            message=message,
            kind=self._kind,
            details=details,
            system_out=self._printed.take(),
        )
        return fields, self._files

    @property
    def _is_complete(self) -> bool:
        """Whether the file contains what a scenario with this plan has; a scenario may have no steps."""
        return bool(self._statuses) or self.plan is not None


def reason_in(result: Fields) -> tuple[str, str, str]:
    """Return message, type and details of a bad result. Some producers write the trace into the message."""
    exception = result.object("exception")
    message = result.text("message") or exception.text("message")
    trace = exception.text("stackTrace")
    details = trace if message in trace else f"{message}\n{trace}"
    return message.split("\n", 1)[0][:_LONGEST_MESSAGE], exception.text("type"), details.strip()


def time_in(message: Fields) -> float | None:
    """Return the time of a message in epoch seconds."""
    moment = message.object("timestamp")
    seconds = moment.number("seconds")
    return seconds + (moment.number("nanos") or 0.0) * 1e-9 if seconds is not None and seconds > 0 else None


def _seconds(started: Fields, finished: Fields | None) -> float | None:
    start, end = time_in(started), time_in(finished) if finished is not None else None
    return end - start if start is not None and end is not None else None
