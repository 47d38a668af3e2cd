"""Interface stub; the body follows."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.onetest.http import Http

TO_INVESTIGATE: Final = "ti001"
NOT_ISSUE: Final = "NOT_ISSUE"


class StartedLaunch(NamedTuple):
    """What the start of a launch answered."""

    id: str
    number: int | None


class Issue(NamedTuple):
    """Why an item did not pass."""

    type: str
    comment: str = ""


class LogFile(NamedTuple):
    """A file that travels with a log entry."""

    name: str
    path: Path
    content_type: str


class LogEntry(NamedTuple):
    """One log line; without an item it belongs to the launch."""

    launch_uuid: str
    item_uuid: str | None
    time_ms: int
    level: str
    message: str
    file: LogFile | None = None


def batches(entries: Iterable[LogEntry]) -> Iterator[list[LogEntry]]:
    """Group entries into requests of at most 20 entries and about 10 MB."""
    raise NotImplementedError


class Receiver:
    """The ReportPortal v2 side of the Receiver."""

    def __init__(self, http: Http, product_id: str, *, resumed: bool = False) -> None:
        raise NotImplementedError

    def start_launch(
        self,
        *,
        uuid: str,
        name: str,
        start_ms: int,
        description: str = "",
        attributes: Sequence[tuple[str, str]] = (),
        build_id: str | None = None,
        environment_id: str | None = None,
        release_id: str | None = None,
        sprint_id: str | None = None,
        build_version: str | None = None,
    ) -> StartedLaunch:
        """Start a launch."""
        raise NotImplementedError

    def start_item(
        self,
        *,
        launch_uuid: str,
        uuid: str,
        parent_uuid: str | None,
        name: str,
        type: str,  # noqa: A002 - the wire's word
        start_ms: int,
        code_ref: str = "",
        description: str = "",
        attributes: Sequence[tuple[str, str]] = (),
        parameters: Sequence[tuple[str, str]] = (),
        has_stats: bool = True,
    ) -> None:
        """Start an item."""
        raise NotImplementedError

    def finish_item(
        self, *, launch_uuid: str, uuid: str, end_ms: int, status: str | None = None, issue: Issue | None = None
    ) -> None:
        """Finish an item."""
        raise NotImplementedError

    def log_batch(self, entries: Sequence[LogEntry]) -> list[str | None]:
        """Send one batch; per entry None, or why it was lost."""
        raise NotImplementedError

    def finish_launch(self, *, uuid: str, end_ms: int, status: str | None = None) -> str:
        """Finish the launch; returns the link that the service answers, else ""."""
        raise NotImplementedError
