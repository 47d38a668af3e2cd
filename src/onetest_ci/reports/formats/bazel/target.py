"""A test target of Bazel: the results of its attempts, and the case that they are together."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, Attachment, Attempt, worse
from onetest_ci.reports.engine.fields import Fields
from onetest_ci.reports.engine.limits import MOST_OTHERS, bounded_items, bounded_text, warn_of_many
from onetest_ci.reports.engine.lines import MOST_HELD, PrintedTotal
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.reasons import DID_NOT_END
from onetest_ci.reports.engine.recorder import CaseFields, Recorder, verdict
from onetest_ci.reports.engine.values import duration, timestamp
from onetest_ci.reports.formats.bazel.printed import Printed

MOST_RESULTS: Final = 10_000
"""Results of one target that are kept apart. Of further ones only the verdict counts."""

FLAKY: Final = "flaky"
NO_STATUS: Final = "no_status"

_STATUSES: Final = {
    "passed": PASSED,
    FLAKY: PASSED,
    "failed": FAILED,
    "timeout": ERROR,
    "incomplete": ERROR,
    "remote_failure": ERROR,
    "failed_to_build": ERROR,
    "blaze_halted_before_testing": ERROR,
    "tool_halted_before_testing": ERROR,
    NO_STATUS: ERROR,
}
_REASONS: Final = {
    "failed": "the test failed",
    "timeout": "the test ran out of time",
    "incomplete": DID_NOT_END,
    "remote_failure": "the test could not be run on the remote machine",
    "failed_to_build": "the test was not built",
    "blaze_halted_before_testing": "Bazel stopped before the test",
    "tool_halted_before_testing": "Bazel stopped before the test",
    NO_STATUS: "the test has no result",
}
_LOG: Final = "test.log"
_OUTPUTS: Final = "test.outputs__"
_FILE: Final = "file://"


class Result(NamedTuple):
    """One attempt of a shard and run of a target.

    Attributes:
        run: the number of the run.
        shard: the number of the shard.
        status: a status of the model.
        word: its status, as Bazel spells it.
        exit_code: of the test, None if it is not known.
        details: what Bazel writes about the status.
        seconds: its duration.
        start: epoch seconds.
        log: the address of its log; empty for none.
        outputs: addresses of its other files.
        cached: where it was taken from: ``locally``, ``remotely``, or empty.
    """

    run: int
    shard: int
    status: str
    word: str
    exit_code: int | None
    details: str
    seconds: float | None
    start: float | None
    log: str
    outputs: tuple[str, ...]
    cached: str

    @property
    def size(self) -> int:
        """The characters of its texts and addresses."""
        return len(self.details) + len(self.log) + sum(map(len, self.outputs))

    @property
    def is_bad(self) -> bool:
        """Whether the attempt failed."""
        return self.status in BAD


def result_of(place: Fields, event: Fields) -> Result:
    """Return the result of an event.

    Args:
        place: its id.
        event: its payload.
    """
    word = event.word("status") or NO_STATUS
    execution = event.object("executionInfo")
    files = [(file.text("name"), file.text("uri")) for file in event.objects("testActionOutput")]
    return Result(
        place.whole_number("run") or 0,
        place.whole_number("shard") or 0,
        status_of(word, event.reading),
        word,
        execution.whole_number("exitCode"),
        bounded_text(
            "\n".join(filter(None, [event.text("statusDetails"), *event.texts("warning")])), event.reading
        ),
        seconds_in(event, "testAttemptDuration"),
        start_in(event, "testAttemptStart", "testAttemptStartMillisEpoch"),
        next((uri for name, uri in files if name == _LOG), ""),
        bounded_items(
            tuple(uri for name, uri in files if name.startswith(_OUTPUTS)), MOST_OTHERS, event.reading
        ),
        "locally" if event.flag("cachedLocally") else "remotely" if execution.flag("cachedRemotely") else "",
    )


def status_of(word: str, reading: Reading) -> str:
    """Return the status for a word of Bazel's."""
    return verdict(reading, word, _STATUSES)


def seconds_in(event: Fields, name: str) -> float | None:
    """Return a duration, which newer versions write as a text as well."""
    millis = event.seconds(f"{name}Millis", 0.001)
    return duration(event.text(name)) if millis is None else millis


def start_in(event: Fields, name: str, in_millis: str) -> float | None:
    """Return a time, which newer versions write as a text as well."""
    millis = event.seconds(in_millis, 0.001)
    return timestamp(event.text(name)) if millis is None else millis


class Target:
    """The results of a target, in the order of the file.

    Args:
        held: the space of the texts of all targets.
        reading: collects warnings.
    """

    __slots__ = ("_held", "_reading", "_results", "_size", "_worst")

    def __init__(self, held: PrintedTotal, reading: Reading) -> None:
        self._held = held
        self._reading = reading
        self._results: list[Result] = []
        self._size = 0
        self._worst = PASSED

    def add(self, result: Result) -> None:
        """Add a result."""
        if len(self._results) == MOST_RESULTS:
            self._worst = worse(self._worst, result.status)
            return
        if self._held.size + result.size > MOST_HELD:
            warn_of_many(self._reading)
            result = result._replace(details="", log="", outputs=())
        self._results.append(result)
        self._size += result.size
        self._held.size += result.size

    def free_texts(self) -> None:
        """Free the space of its texts. Call this behind ``case``."""
        self._held.size -= self._size
        self._size = 0

    def case(
        self, word: str, summary: Fields, label: str, printed: Printed, recorder: Recorder
    ) -> CaseFields:
        """Return the case: each shard and run counts by its last attempt, which the others precede.

        Args:
            word: its status, as Bazel spells it.
            summary: what Bazel writes about the target.
            label: its name, as Bazel prints it.
            printed: has the output of its attempts.
            recorder: makes the attempts.
        """
        last = {(result.run, result.shard): number for number, result in enumerate(self._results)}
        is_last = [last[result.run, result.shard] == number for number, result in enumerate(self._results)]
        names = _Names(label, summary, self._results)
        texts = [names.printed(result, printed) for result in self._results]
        status = status_of(word, recorder.reading)
        if word == FLAKY:
            # Some runs of it failed, or some attempts.
            is_last = [end and not result.is_bad for end, result in zip(is_last, self._results, strict=True)]
        elif status == PASSED:
            for result, end in zip(self._results, is_last, strict=True):
                status = worse(status, result.status if end else PASSED)
            status = worse(status, self._worst)
        earlier = [
            _attempt(result, names.of(result), text, recorder)
            for result, text, end in zip(self._results, texts, is_last, strict=True)
            if not end
        ]
        if word == FLAKY and not any(attempt.status in BAD for attempt in earlier):
            earlier.insert(0, Attempt(FAILED, "an attempt failed, which the file does not contain"))
        ends = [
            (result, text) for result, text, end in zip(self._results, texts, is_last, strict=True) if end
        ]
        seconds = [result.seconds for result, _ in ends if result.seconds is not None]
        starts = [result.start for result, _ in ends if result.start is not None]
        fields: CaseFields = {
            "status": status,
            "seconds": sum(seconds) if seconds else seconds_in(summary, "totalRunDuration"),
            "start": min(starts) if starts else start_in(summary, "firstStartTime", "firstStartTimeMillis"),
            "attempts": earlier,
            "attachments": list(_files(self._results)),
            "properties": _cached(result for result, _ in ends),
        }
        if status in BAD:
            bad = [(result, text) for result, text in ends if result.is_bad]
            fields["message"] = _message(
                word, [names.of(result) for result, _ in bad], bad[0][0] if bad else None
            )
            fields["details"] = "\n".join(_details(result, names.of(result), text) for result, text in bad)
        else:
            fields["system_out"] = "".join(text for _, text in ends)
        return fields


class _Names:
    """Names the shard and the run of a result, if a target has several."""

    def __init__(self, label: str, summary: Fields, results: Iterable[Result]) -> None:
        self._label = label
        shards = [result.shard for result in results]
        runs = [result.run for result in results]
        self._shards = max([summary.whole_number("shardCount") or 0, *shards])
        self._runs = max([summary.whole_number("runCount") or 0, *runs])

    def of(self, result: Result) -> str:
        """Return the place of a result, as ``shard 1 of 2, run 1 of 3``; empty if there is one only."""
        parts = [f"shard {result.shard} of {self._shards}"] if self._shards > 1 else []
        parts += [f"run {result.run} of {self._runs}"] if self._runs > 1 else []
        return ", ".join(parts)

    def printed(self, result: Result, printed: Printed) -> str:
        """Return the output of a result, if Bazel printed it."""
        place = self.of(result)
        return printed.take_output(f"{self._label} ({place})" if place else self._label)


def _attempt(result: Result, place: str, text: str, recorder: Recorder) -> Attempt:
    if not result.is_bad:
        return recorder.attempt(status=result.status, system_out=text, seconds=result.seconds)
    return recorder.attempt(
        status=result.status,
        message=_message(result.word, [place], result),
        details=_details(result, "", text),
        seconds=result.seconds,
    )


def _message(word: str, places: list[str], first: Result | None) -> str:
    if word in {"passed", FLAKY} and first is not None:
        word = first.word
    reason = _REASONS.get(word, f"Bazel's status is {word[:60]}")
    code = f", exit code {first.exit_code}" if first is not None and first.exit_code else ""
    shown = [place for place in places if place]
    more = f" and {len(shown) - 1} more" if len(shown) > 1 else ""
    return f"{reason}{code}{f' ({shown[0]}{more})' if shown else ''}"


def _details(result: Result, place: str, text: str) -> str:
    title = f"{place}:\n" if place else ""
    log = f"The log of the test: {result.log}" if result.log and not text else ""
    return title + "\n".join(filter(None, [result.details, text, log]))


def _cached(results: Iterable[Result]) -> list[tuple[str, str]]:
    places = dict.fromkeys(result.cached for result in results if result.cached)
    return [("cached", ", ".join(places))] if places else []


def _files(results: Iterable[Result]) -> Iterator[Attachment]:
    """Yield the logs of attempts that failed, and all other files, if they are on this machine."""
    for result in results:
        log = [result.log] if result.is_bad or result.word == FLAKY else []
        for uri in (*log, *result.outputs):
            if uri.lower().startswith(_FILE):
                yield Attachment(unquote(uri[len(_FILE) :]))
