"""Files are streamed: the most memory that a run takes does not grow with them."""

from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from support.command import COMMAND, environment
from support.onetest import LocalOneTest
from support.proxy import Exchange, Fault, Proxy, Request

FILE = 9_900_000
"""Bytes; just below what OneTest takes."""
MIB = 1024 * 1024


class Peak:
    """The proxy's rule: when the launch is finished, looks at the most memory that the command has had."""

    def __init__(self) -> None:
        self.process: Popen[bytes] | None = None
        self.bytes = 0

    def __call__(self, request: Request) -> Fault | None:
        return self._look if request.path.endswith("/finish") else None

    def _look(self, exchange: Exchange) -> None:
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
        self.bytes = int(line.split()[1]) * 1024
        exchange.pass_on()


def most_memory(place: Path, onetest: LocalOneTest, options: tuple[str, ...]) -> int:
    peak = Peak()
    with Proxy(onetest.url) as proxy:
        proxy.rule, proxy.keeps_bodies = peak, False
        peak.process = Popen(
            [COMMAND, "report", "a.xml", "--mode", "launch", "--max-api-calls", "10000", *options],
            cwd=place,
            env=environment(onetest.env | {"ONETEST_BASE_URL": proxy.url, "TMPDIR": str(place)}),
        )
        assert peak.process.wait() == 0
    assert peak.bytes
    return peak.bytes


def as_artifacts(place: Path, count: int, size: int) -> tuple[str, ...]:
    write_files(place, count, size)
    (place / "a.xml").write_text("<testsuite name='s'><testcase classname='c' name='t'/></testsuite>")
    return "--artifacts", "files/*"


def as_attachments(place: Path, count: int, size: int) -> tuple[str, ...]:
    write_files(place, count, size)
    cases = "".join(
        f"<testcase classname='c' name='t{number}'><failure/><properties>"
        f"<property name='attachment' value='files/{number}.bin'/></properties></testcase>"
        for number in range(count)
    )
    (place / "a.xml").write_text(f"<testsuite name='s'>{cases}</testsuite>")
    return ()


def write_files(place: Path, count: int, size: int) -> None:
    (place / "files").mkdir(parents=True)
    for number in range(count):
        with (place / "files" / f"{number}.bin").open("wb") as file:
            file.write(b"\0%d" % number)
            file.truncate(size)


@pytest.mark.full
@pytest.mark.parametrize("lay_out", [as_artifacts, as_attachments])
def test_a_gigabyte_of_files_takes_no_more_memory_than_a_few_bytes(
    onetest: LocalOneTest, tmp_path: Path, lay_out: object, record_property: Callable[[str, object], None]
) -> None:
    assert callable(lay_out)
    small = most_memory(tmp_path / "small", onetest, lay_out(tmp_path / "small", 2, 100))
    large = most_memory(tmp_path / "large", onetest, lay_out(tmp_path / "large", 105, FILE))
    record_property("most memory", f"{small / MIB:.1f} MiB with 200 bytes, {large / MIB:.1f} with 1 GB")
    assert large - small < 20 * MIB
