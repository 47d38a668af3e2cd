"""The record of what was acknowledged, as a crash may leave it."""

from contextlib import closing
from pathlib import Path

import pytest

from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.format import DELIVERY
from onetest_ci.errors import BundleError


def test_steps_are_there_for_the_next_run(tmp_path: Path) -> None:
    with closing(DeliveryLog(tmp_path)) as log:
        log.record("launch", id="x", number=None)
        log.record("case/1")
        log.record("case/2")
        assert log.done("case/1")
    again = DeliveryLog(tmp_path)
    assert again.get("launch")["id"] == "x"
    assert (again.count("case"), again.count("cas"), again.done("case/3")) == (2, 0, False)


def test_nothing_is_written_before_the_first_step(tmp_path: Path) -> None:
    assert not DeliveryLog(tmp_path).done("plan")
    assert list(tmp_path.iterdir()) == []


def test_a_step_is_on_disk_at_once(tmp_path: Path) -> None:
    with closing(DeliveryLog(tmp_path)) as log:
        log.record("plan", mode="launch")
        assert DeliveryLog(tmp_path).get("plan")["mode"] == "launch"


@pytest.mark.parametrize(
    "torn",
    [
        b'{"step":"case/2',
        b'{"step":"case/2"}',
        b"\xff\xfe\n",
        b"[]\n",
        b"7\n",
        b'{"stop":1}\n',
        b'{"step":[]}\n',
        b"\0" * 512,
        b"\n",
    ],
)
def test_a_torn_end_is_forgotten_and_overwritten(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / DELIVERY).write_bytes(b'{"step":"case/1"}\n' + torn)
    with closing(DeliveryLog(tmp_path)) as log:
        assert (log.done("case/1"), log.done("case/2")) == (True, False)
        log.record("case/2")
    assert (tmp_path / DELIVERY).read_bytes() == b'{"step":"case/1"}\n{"step":"case/2"}\n'


def test_a_log_that_cannot_be_written_is_a_bundle_error(tmp_path: Path) -> None:
    (tmp_path / DELIVERY).mkdir()
    with pytest.raises(BundleError) as caught:
        DeliveryLog(tmp_path)
    assert caught.value.code == "bundle-not-written"
    log = DeliveryLog(tmp_path / "gone")
    with pytest.raises(BundleError):
        log.record("plan")
