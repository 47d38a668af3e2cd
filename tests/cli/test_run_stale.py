"""``onetest-ci run`` refuses reports that its test command did not write."""

import gzip
import json
import os
import shutil
import struct
import sys
import time
import zipfile
from pathlib import Path

import pytest

from support.running import GREEN, RED, Ended, ended, writing

HOUR = 3600


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path


def write(path: Path, text: str, *, age: float = 0.0) -> None:
    path.write_text(text, encoding="utf-8")
    aged(path, age)


def aged(path: Path, age: float) -> None:
    then = time.time() - age
    os.utime(path, (then, then))


def sh(script: str) -> tuple[str, ...]:
    return ("sh", "-c", script)


def stale_rows(done: Ended) -> list[str]:
    return [
        row["path"]
        for row in done.outcome["files"]
        if row["error"] and row["error"]["code"] == "stale-report"
    ]


def test_a_green_report_of_an_earlier_run(shop: Path) -> None:
    write(shop / "out" / "r.xml", GREEN, age=3 * HOUR + 60)
    done = ended(shop, "run", "out", "--", "true")
    assert (done.code, done.errors) == (3, ["stale-report"])
    assert "out/r.xml was last written 3 hours before the test command started" in done.stderr
    assert done.outcome["totals"] | {"seconds": 0} == {
        **dict.fromkeys(done.outcome["totals"], 0),
        "tests": 1,
        "errors": 1,
    }
    assert done.said == ["The test command `true` ended with exit code 0, but no report was written."]
    failed = ended(shop, "run", "out", "--", "false")
    assert (failed.code, failed.errors) == (1, ["stale-report"])
    assert "and no report was written" in failed.said[0]


# What the command does to a report $r that was there, with $old, an hour old, beside it; and if it is stale.
DEEDS: dict[str, tuple[str, bool]] = {
    "nothing": ("true", True),
    "reads it": ("cat $r", True),
    "changes its mode": ("chmod 600 $r", True),
    "moves it away and back": ("mv $r $x; mv $x $r", True),
    "links it": ("ln $r $x", True),
    "writes it anew": ("cat $old > $x; cat $x > $r", False),
    "writes the same": ("cat $r > $x; cat $x > $r", False),
    "replaces it": ("cat $old > out/$x; mv out/$x $r", False),
    "removes and writes it": ("rm $r; cat $old > $r", False),
    "moves an old one there": ("mv $old $r", True),
    "copies an old one with its time": ("cp -p $old $r", True),
    "unpacks an old one": ("tar cf $x $old; tar xf $x; mv $old $r", True),
    "leads to an old one": ("ln -sf ../$old $r", True),
}


@pytest.mark.parametrize("named", ["out", "out/*.xml", "each"])
@pytest.mark.parametrize("stale", [True, False], ids=["stale", "written"])
def test_what_the_command_does_to_reports(shop: Path, named: str, *, stale: bool) -> None:
    reports, scripts = {}, []
    for number, (deed, (script, makes_stale)) in enumerate(DEEDS.items()):
        if makes_stale != stale:
            continue
        report = GREEN.replace("good", f"good {number}")
        write(shop / f"old{number}", report, age=HOUR)
        write(shop / "out" / f"{number}.xml", report, age=2 * HOUR)
        reports[f"out/{number}.xml"] = deed
        scripts.append(f"r=out/{number}.xml; old=old{number}; x=x{number}; {script}")
    paths = reports if named == "each" else [named]
    done = ended(shop, "run", *paths, "--", *sh("set -e; " + "; ".join(scripts)))
    assert {reports[path] for path in stale_rows(done)} == (set(reports.values()) if stale else set())
    assert (done.code, done.outcome["totals"]["passed"]) == ((3, 0) if stale else (0, len(reports)))
    accepted = ended(shop, "run", *paths, "--allow-stale", "--", *sh("true"))
    assert (accepted.code, accepted.outcome["totals"]["passed"]) == (0, len(reports))


def test_a_report_of_a_moment_before_is_stale_as_well(shop: Path) -> None:
    write(shop / "out" / "r.xml", GREEN)
    assert stale_rows(ended(shop, "run", "out", "--", "true")) == ["out/r.xml"]


@pytest.mark.parametrize("age", [-HOUR, -30 * 24 * HOUR])
def test_a_report_from_the_future_that_does_not_change(shop: Path, age: float) -> None:
    write(shop / "out" / "r.xml", GREEN, age=age)
    done = ended(shop, "run", "out", "--", "true")
    assert stale_rows(done) == ["out/r.xml"]
    assert "was there before the test command started and has not changed since" in done.stderr


@pytest.mark.parametrize("seconds", [-HOUR, 0, 2, 5])
def test_a_new_report_may_be_dated_by_another_clock(shop: Path, seconds: int) -> None:
    # Whole even seconds are what FAT stores; a file server's clock may be behind.
    date = "now" if seconds == 0 else f"{-seconds} seconds"
    command = sh(f"printf %s \"$1\" > out/r.xml; touch -d '{date}' out/r.xml")
    done = ended(shop, "run", "out", "--", *command, "sh", GREEN)
    assert (done.code, stale_rows(done)) == (0, [])


def test_fresh_and_stale_ones_together(shop: Path) -> None:
    write(shop / "out" / "old.xml", GREEN, age=HOUR)
    done = ended(shop, "run", "out", "--", *writing(RED))
    assert (done.code, stale_rows(done)) == (3, ["out/old.xml"])
    totals = done.outcome["totals"]
    assert (totals["tests"], totals["failures"], totals["errors"]) == (1, 1, 0)
    failed = ended(shop, "run", "out", "--", *writing(GREEN, 2))
    assert (failed.code, failed.outcome["totals"]["errors"]) == (2, 1)
    assert "although no report contains a failed test" in failed.said[0]


def test_old_failures_are_no_failures_of_this_run(shop: Path) -> None:
    write(shop / "out" / "old.xml", RED, age=HOUR)
    done = ended(shop, "run", "out", "--", *writing(GREEN, 2))
    assert (done.code, done.outcome["totals"]["failures"], len(done.said)) == (2, 0, 1)


def test_old_files_of_another_kind_are_skipped(shop: Path) -> None:
    for name, text in (("a.py", "print()"), ("b.json", '{"a": 1}'), ("c.xml", "<project/>")):
        write(shop / "out" / name, text, age=HOUR)
    done = ended(shop, "run", ".", "--", *writing(GREEN))
    assert (done.code, done.errors) == (0, [])


def test_with_allow_empty_none_is_needed(shop: Path) -> None:
    write(shop / "out" / "r.xml", RED, age=HOUR)
    done = ended(shop, "run", "out", "--allow-empty", "--", "true")
    assert (done.code, done.errors, done.said) == (0, [], [])
    assert done.outcome["totals"]["tests"] == 0
    assert any("out/r.xml was last written" in warning for warning in done.outcome["warnings"])


def test_many_are_named_in_part(shop: Path) -> None:
    for number in range(40):
        write(shop / "out" / f"r{number}.xml", GREEN, age=HOUR)
    done = ended(shop, "run", "out", "--", "true")
    assert done.code == 3
    assert len(stale_rows(done)) == 40
    assert done.stderr.count("was last written") == 10
    assert "30 more reports are older than the test command" in done.stderr
    assert done.outcome["warnings"] == []


def test_a_packed_report(shop: Path) -> None:
    (shop / "out" / "r.xml.gz").write_bytes(gzip.compress(GREEN.encode()))
    with zipfile.ZipFile(shop / "out" / "r.zip", "w") as archive:
        archive.writestr("a.xml", GREEN)
        archive.writestr("b.xml", GREEN)
        archive.writestr("notes.txt", "none")
    for path in (shop / "out").iterdir():
        aged(path, HOUR)
    shutil.copy2(shop / "out" / "r.zip", shop / "out" / "named.jar")
    done = ended(shop, "run", "out", "out/named.jar", "--", "true")
    assert sorted(stale_rows(done)) == ["out/named.jar", "out/r.xml.gz", "out/r.zip"]
    assert done.outcome["totals"]["passed"] == 0


# How the command packs: the program, and whether it writes times in UTC.
PACKERS = {
    "zipfile": (
        "import zipfile; z = zipfile.ZipFile('out/r.zip', 'w'); [z.write(n) for n in ('old.xml', 'new.xml')]"
    ),
    "in UTC": (
        "import os, struct, zipfile\n"
        "z = zipfile.ZipFile('out/r.zip', 'w')\n"
        "for name in ('old.xml', 'new.xml'):\n"
        "    # Of the time without a zone nothing is right here.\n"
        "    info = zipfile.ZipInfo(name, (2080, 1, 1, 0, 0, 0))\n"
        "    info.extra = struct.pack('<HHBi', 0x5455, 5, 1, int(os.stat(name).st_mtime))\n"
        "    z.writestr(info, open(name).read())\n"
    ),
}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("packer", PACKERS)
def test_an_old_report_in_a_new_archive(shop: Path, packer: str, zone: str) -> None:
    write(shop / "old.xml", GREEN, age=48 * HOUR)
    write(shop / "pack.py", PACKERS[packer])
    command = sh(f'printf %s "$1" > new.xml; {sys.executable} pack.py')
    done = ended(shop, "run", "out", "--", *command, "sh", GREEN, env={"TZ": zone})
    assert stale_rows(done) == ["out/r.zip!old.xml"]
    assert (done.code, done.outcome["totals"]["passed"]) == (3, 1)
    assert "out/r.zip!old.xml was last written" in done.stderr
    accepted = ended(shop, "run", "out", "--allow-stale", "--", "true")
    assert (accepted.code, accepted.outcome["totals"]["passed"]) == (0, 2)


@pytest.mark.parametrize(
    "extra",
    [b"", struct.pack("<HHB", 0x5455, 1, 1), struct.pack("<HHBi", 0x5455, 5, 2, 0)],
)
def test_an_archive_that_contains_no_times(shop: Path, extra: bytes) -> None:
    info = zipfile.ZipInfo("a.xml", (1980, 2, 1, 0, 0, 0))
    info.extra = extra
    with zipfile.ZipFile(shop / "made.zip", "w") as archive:
        archive.writestr(info, GREEN)
    done = ended(shop, "run", "out", "--", *sh("cat made.zip > out/r.zip"))
    assert (done.code, done.outcome["totals"]["passed"]) == (0, 1)


def test_results_of_allure_that_are_left_from_earlier_runs(shop: Path) -> None:
    def result(name: str) -> str:
        return json.dumps({"uuid": name, "name": name, "status": "passed", "historyId": name, "labels": []})

    for name in ("a", "b"):
        write(shop / "out" / f"{name}-result.json", result(name), age=HOUR)
    for name in ("c", "d"):
        write(shop / f"{name}-result.json", result(name))
    done = ended(shop, "run", "out", "--", *sh("cp c-result.json d-result.json out"))
    assert sorted(stale_rows(done)) == ["out/a-result.json", "out/b-result.json"]
    assert (done.code, done.outcome["totals"]["tests"]) == (3, 2)


def test_an_earlier_run_s_bundle_is_not_a_report(shop: Path) -> None:
    first = ended(shop, "run", "out", "--bundle", "kept", "--", *writing(GREEN))
    assert first.code == 0
    again = ended(shop, "run", ".", "--bundle", "other", "--", *writing(GREEN))
    assert (again.code, again.errors) == (0, [])
