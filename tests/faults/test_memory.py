"""Files are streamed: the most memory that a run takes does not grow with them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support.memory import measured
from support.onetest import LocalOneTest

FILE = 9_900_000
"""Bytes; just below what OneTest takes."""
ALLOWED = 20
"""MiB between a run with hardly any and a run with a gigabyte of files."""

LayOut = Callable[[Path, int, int], tuple[str, ...]]


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


def most_memory(place: Path, onetest: LocalOneTest, lay_out: LayOut, count: int, size: int) -> int:
    """Return the MiB of a run with a number of files of one size, all of which arrive."""
    options = lay_out(place, count, size)
    outcome = place / "outcome.json"
    done = measured(
        *(
            "report",
            "a.xml",
            "--mode",
            "launch",
            "--max-api-calls",
            "10000",
            "--json",
            str(outcome),
            *options,
        ),
        cwd=place,
        env=onetest.env | {"TMPDIR": str(place)},
    )
    assert done.returncode == 0, done.stderr
    assert '"upload_status": "delivered"' in outcome.read_text(encoding="utf-8")
    return done.peak


def most_memory_to_push(place: Path, onetest: LocalOneTest, lay_out: LayOut, count: int, size: int) -> int:
    """Return the MiB of a push that checks the digests of a number of files, the last one of them damaged."""
    options = lay_out(place, count, size)
    collected = measured("collect", "a.xml", "--bundle", "b", *options, cwd=place)
    assert collected.returncode == 0, collected.stderr
    damaged = max((place / "b").glob("a*/*.bin"))
    with damaged.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"x")
    done = measured("push", "b", cwd=place, env=onetest.env)
    assert done.returncode == 4
    assert f"{damaged.relative_to(place / 'b')} has the SHA-256" in done.stderr
    return max(collected.peak, done.peak)


@pytest.mark.full
@pytest.mark.parametrize("lay_out", [as_artifacts, as_attachments])
def test_a_gigabyte_is_collected_and_checked_in_no_more_memory_than_a_few_bytes(
    onetest: LocalOneTest, tmp_path: Path, lay_out: LayOut, record_property: Callable[[str, object], None]
) -> None:
    small = most_memory_to_push(tmp_path / "small", onetest, lay_out, 2, 100)
    large = most_memory_to_push(tmp_path / "large", onetest, lay_out, 105, FILE)
    record_property("most memory", f"{small} MiB with 200 bytes of files, {large} MiB with 1 GB")
    assert large - small < ALLOWED


@pytest.mark.full
@pytest.mark.parametrize("lay_out", [as_artifacts, as_attachments])
def test_a_gigabyte_of_files_takes_no_more_memory_than_a_few_bytes(
    onetest: LocalOneTest, tmp_path: Path, lay_out: LayOut, record_property: Callable[[str, object], None]
) -> None:
    small = most_memory(tmp_path / "small", onetest, lay_out, 2, 100)
    large = most_memory(tmp_path / "large", onetest, lay_out, 105, FILE)
    record_property("most memory", f"{small} MiB with 200 bytes of files, {large} MiB with 1 GB")
    assert large - small < ALLOWED
