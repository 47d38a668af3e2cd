"""A file or a folder that pytest collected: only one that failed or skips itself is a case."""

from onetest_ci.model import BAD, ERROR, SKIPPED
from onetest_ci.reports.engine.recorder import RUN, Recorder
from onetest_ci.reports.formats.pytest.failure import Failure
from onetest_ci.reports.formats.pytest.node import Node


def record_collected(nodeid: str, status: str, failure: Failure, recorder: Recorder) -> None:
    """Record a file that could not be read, or that skips itself.

    Args:
        nodeid: pytest's id of it.
        status: its status, other than passed.
        failure: the texts of the error or the skip.
        recorder: records.
    """
    node, bad = Node.of(nodeid), status in BAD
    recorder.enter_named(node.file)
    recorder.failure_outside(
        node.name or RUN,
        classname=node.classname,
        status=ERROR if bad else SKIPPED,
        message=failure.message,
        kind="" if bad else "pytest.skip",
        details=failure.details,
        file=node.file,
    )
