"""The record of what was acknowledged, as a crash may leave it, and as damage does."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from onetest_ci.bundle.bundle import DELIVERY, DELIVERY_COUNT
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.errors import BundleError

DIGEST: Final = "0" * 64


def opened(directory: Path, digest: str = DIGEST) -> DeliveryLog:
    return DeliveryLog(directory, digest)


def test_steps_are_there_for_the_next_run(tmp_path: Path) -> None:
    launch = Step(Kind.LAUNCH)
    for steps in (
        (launch, Step(Kind.CASE, 1)),
        (Step(Kind.CASE, 2), Step(Kind.CASE, 5)),
        (Step(Kind.CASE, 9),),
    ):
        with closing(opened(tmp_path)) as log:
            for step in steps:
                log.record(step, **({"id": "x", "number": None} if step == launch else {}))
            assert log.done(steps[0])
    again = opened(tmp_path)
    assert again.get(launch) == {"id": "x", "number": None}
    assert (again.count(Kind.CASE), again.count(Kind.CASE, 2), again.done(Step(Kind.CASE, 3))) == (
        4,
        0,
        False,
    )


def test_nothing_is_written_before_the_first_step(tmp_path: Path) -> None:
    assert not opened(tmp_path).done(Step(Kind.PLAN))
    assert list(tmp_path.iterdir()) == []


def test_a_step_is_on_disk_at_once(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as log:
        log.record(Step(Kind.PLAN), mode="launch")
        assert opened(tmp_path).get(Step(Kind.PLAN))["mode"] == "launch"


def recorded(directory: Path, *steps: str) -> None:
    with closing(opened(directory)) as log:
        for step in steps:
            log.record(Step.parse(step))


@pytest.mark.parametrize(
    "torn", [b'{"step":"case/2', b'{"step":"case/2"}', b"\xff\xfe", b"\0" * 512, b"[" * 40_000]
)
def test_a_torn_end_is_forgotten_and_overwritten(tmp_path: Path, torn: bytes) -> None:
    recorded(tmp_path, "case/1")
    whole = (tmp_path / DELIVERY).read_bytes()
    (tmp_path / DELIVERY).write_bytes(whole + torn)
    with closing(opened(tmp_path)) as log:
        assert (log.done(Step(Kind.CASE, 1)), log.done(Step(Kind.CASE, 2))) == (True, False)
        log.record(Step(Kind.CASE, 2))
    assert (tmp_path / DELIVERY).read_bytes().startswith(whole + b'{"step":"case/2","sum":"')
    assert opened(tmp_path).done(Step(Kind.CASE, 2))


@pytest.mark.parametrize("lines", [0, 1])
def test_a_process_that_was_killed_between_the_log_and_its_count(tmp_path: Path, lines: int) -> None:
    recorded(tmp_path, "case/1")
    count = (tmp_path / DELIVERY_COUNT).read_bytes()
    recorded(tmp_path, "case/2")
    if lines:
        (tmp_path / DELIVERY_COUNT).write_bytes(count)
    else:
        (tmp_path / DELIVERY_COUNT).unlink()
    assert opened(tmp_path).count(Kind.CASE) == 2
    recorded(tmp_path, "case/3")
    assert (tmp_path / DELIVERY_COUNT).read_text().split() == ["3"]


STEPS: Final = ("membership", "deployment", "case/1", "case/2", "case/12")


def lines_of(directory: Path) -> list[bytes]:
    return (directory / DELIVERY).read_bytes().splitlines(keepends=True)


def other_digit(line: bytes) -> bytes:
    return line.replace(b"case/1", b"case/3")


def without_sum(line: bytes) -> bytes:
    row = json.loads(line)
    del row["sum"]
    return json.dumps(row).encode() + b"\n"


DAMAGES: Final[dict[str, Callable[[list[bytes]], list[bytes]]]] = {
    "no line": lambda _: [],
    "the first line gone": lambda lines: lines[1:],
    "a line gone": lambda lines: lines[:1] + lines[2:],
    "the last line gone": lambda lines: lines[:-1],
    "half of the last line gone": lambda lines: [*lines[:-1], lines[-1][:20]],
    "its end gone": lambda lines: [*lines[:-1], lines[-1][:-1]],
    "a line twice": lambda lines: [*lines[:2], *lines[1:]],
    "the last line twice": lambda lines: [*lines, lines[-1]],
    "two lines swapped": lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
    "another number": lambda lines: [*lines[:2], other_digit(lines[2]), *lines[3:]],
    "another number at the end": lambda lines: [*lines[:4], other_digit(lines[4])],
    "a line without its sum": lambda lines: [*lines[:2], without_sum(lines[2]), *lines[3:]],
    "two lines in one": lambda lines: [*lines[:2], lines[2].rstrip(), *lines[3:]],
    "a line added": lambda lines: [*lines, b'{"step":"case/3"}\n'],
    "an empty line": lambda lines: [*lines, b"\n"],
    "zeros": lambda lines: [*lines[:2], b"\0" * len(lines[2]), *lines[3:]],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_log_is_refused(tmp_path: Path, damage: Callable[[list[bytes]], list[bytes]]) -> None:
    recorded(tmp_path, *STEPS)
    (tmp_path / DELIVERY).write_bytes(b"".join(damage(lines_of(tmp_path))))
    with pytest.raises(BundleError) as caught:
        opened(tmp_path)
    assert caught.value.code == "bad-delivery-log"
    assert str(tmp_path / DELIVERY) in caught.value.message
    assert "--damaged-log resend" in caught.value.hint


def test_a_log_that_is_gone_is_missed(tmp_path: Path) -> None:
    recorded(tmp_path, *STEPS)
    (tmp_path / DELIVERY).unlink()
    for count in ((tmp_path / DELIVERY_COUNT).read_bytes(), b"", b"x" * 20):
        (tmp_path / DELIVERY_COUNT).write_bytes(count)
        with pytest.raises(BundleError) as caught:
            opened(tmp_path)
        assert caught.value.code == "bad-delivery-log"


@pytest.mark.parametrize("count", [b"", b"12", b"\0" * 20, b"x" * 20, b"9" * 5000])
def test_a_count_that_is_no_number_does_not_spoil_a_log_that_is_whole(tmp_path: Path, count: bytes) -> None:
    recorded(tmp_path, *STEPS)
    (tmp_path / DELIVERY_COUNT).write_bytes(count)
    assert all(map(opened(tmp_path).done, map(Step.parse, STEPS)))
    recorded(tmp_path, "case/7")
    assert all(map(opened(tmp_path).done, map(Step.parse, (*STEPS, "case/7"))))
    assert (tmp_path / DELIVERY_COUNT).read_bytes() == b"6\n".rjust(20)


def test_the_log_of_another_bundle_is_refused(tmp_path: Path) -> None:
    recorded(tmp_path, *STEPS)
    with pytest.raises(BundleError) as caught:
        opened(tmp_path, "1" * 64)
    assert caught.value.code == "bad-delivery-log"


def test_a_log_that_cannot_be_written_is_a_bundle_error(tmp_path: Path) -> None:
    (tmp_path / DELIVERY).mkdir()
    with pytest.raises(BundleError) as caught:
        opened(tmp_path)
    assert caught.value.code == "bundle-not-written"
    log = opened(tmp_path / "gone")
    with pytest.raises(BundleError):
        log.record(Step(Kind.PLAN))
