"""Measures how fast each format is read. Prints a row for each, with ratios measured in one run.

    python benchmarks/formats.py [--megabytes 4] [--runs 5] [format...]

Each file is a small real report whose tests are repeated under other names. The time is that of ``inspect``
in its process: it includes the recognition of the format. Each format is measured in a process of its own.

A floor is the time to take a document of that kind apart once, in Python, without any use of its parts:

- XML: expat with handlers for elements and text that do nothing;
- JSON: the decoder of Python on the whole document;
- lines of JSON: the decoder on each line that begins as an object;
- TAP and ExUnit's text: a regular expression on each line, which finds the kind of line and its parts, as
  the indentation, number and description of a point of TAP. They have no parser in C, and to iterate over
  the lines takes nothing apart. Expat finds the elements and the JSON decoder the values; this finds the test
  points, plans, comments and YAML blocks of TAP, and the tests, blocks, modules and counts of ExUnit.

So a ratio is the cost of everything behind the parser: verdicts, suites, attempts, texts within limits,
totals and warnings. A format that needs two passes, as TRX and Mocha's JSON do, starts at a ratio of two.

Peak memory is that of what Python allocates, for the file and for one four times as long: equal peaks mean a
stream.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from goals import Goal, record
from onetest_ci.reports import FoundFile, read_file
from support.samples import JSON, LINES, SAMPLES, XML, sample

FOUR = 4
TAP_LINE = re.compile(
    r"( *)(?:(not )?ok\b(?: +(\d+))?(?: *- ?| +|$)(.*)"
    r"|1\.\.(\d+)|#(.*)|---|\.\.\.|Bail out!(.*)|TAP version (\d+))"
)
"""A line of TAP: its indentation, and a test point, plan, comment, mark of a YAML block, end or version."""
EXUNIT_LINE = re.compile(
    r"  \* (.+) \(([a-z]+|[\d.]+ms)\) \[L#(\d+)\]|( *)(\d+)\) (.+)|     (.*):(\d+)|(\S.*) \[(.+)\]"
    r"|Finished in (.*)|((?:\d+ \w+, )*\d+ failures?.*)"
)
"""A line of ExUnit's text: a test, a block's title, a place, a module, the end of the run or its counts."""
TEXT_LINES = {"tap": TAP_LINE, "exunit": EXUNIT_LINE}
LISTS: dict[str, tuple[str | int, ...]] = {
    "ctrf": ("results", "tests"),
    "playwright": ("suites",),
    "ginkgo": (),
    "newman": ("run", "executions"),
    "xcresult": ("testNodes", 0, "children", 0, "children"),
    "cucumber": (),
    "mochawesome": ("results",),
    "testcafe": ("fixtures",),
    "karma": ("result", ""),
    "rspec": ("examples",),
    "pytest-json-report": ("tests",),
    "jest": ("testResults",),
    "googletest": ("testsuites",),
}
"""The path to the list that is written many times; an empty name is that of any member."""
MEMBERS = {"mocha": ("tests", "pending", "failures", "passes")}
WHOLE = {
    "trx": "Results",
    "ctest": "Testing",
    "testng": "class",
    "catch2": "Catch2?[A-Za-z]*",
    "qtest": "TestCase",
    "cppunit": "SuccessfulTests",
    "unittest++": "unittest-results",
    "check": "suite",
    "nunit2": "results",
    "robot": "suite",
    "boost.test": "TestLog",
    "cunit": "CUNIT_RESULT_LISTING",
    "doctest": "doctest",
    "sonarqube": "testExecutions",
    "nunit3": "test-run",
    "xunit.net": "assemblies",
}
"""The element whose content is written many times."""


def write(path: Path, report_format: str, size: int) -> None:
    """Return a report of about ``size`` bytes."""
    text = sample(report_format).decode("utf-8-sig")
    if report_format in XML:
        path.write_text(_xml(text, WHOLE[report_format], size), encoding="utf-8")
    elif report_format in JSON:
        path.write_text(_json(text, report_format, size), encoding="utf-8")
    else:
        path.write_text(_lines(text, report_format, size), encoding="utf-8")


def _xml(text: str, element: str, size: int) -> str:
    start = re.search(rf"<{element}(?:\s[^>]*)?>", text)
    assert start  # noqa: S101 - the samples are ours
    closing = f"</{start[0][1:].split()[0].rstrip('>')}>"
    # Robot's statistics have an element of that name as well.
    end = text.index(closing) if element == "suite" else text.rindex(closing)
    body = text[start.end() : end]
    return text[: start.end()] + "".join(_renamed(body, n) for n in range(size // len(body) + 1)) + text[end:]


def _renamed(body: str, number: int) -> str:
    return body.replace('name="', f'name="n{number}.').replace("<Name>", f"<Name>n{number}.")


def _json(text: str, report_format: str, size: int) -> str:
    document = json.loads(text)
    times = size // len(text) + 1
    if report_format in MEMBERS:
        for name in MEMBERS[report_format]:
            document[name] = document[name] * times
    elif not LISTS[report_format]:
        document = document * times
    else:
        holder, *path = document, *LISTS[report_format]
        for place in path[:-1]:
            holder = holder[place]
        holder[path[-1] or next(iter(holder))] *= times
    return json.dumps(document, indent=1)


def _lines(text: str, report_format: str, size: int) -> str:
    times = size // len(text) + 1
    if report_format == "dart":
        *events, done = text.rstrip("\n").split("\n")
        return "\n".join([*(events * times), done, ""])
    if report_format == "tap":
        return "".join(re.sub(r"(?m)^1\.\.\d+$", "", text) for _ in range(times))
    return text * times


def floor(path: Path, report_format: str) -> None:
    """Read a file with the smallest possible reader of its kind."""
    if report_format in XML:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda *_: None
        parser.EndElementHandler = lambda *_: None
        parser.CharacterDataHandler = lambda _: None
        parser.ParseFile(path.open("rb"))
    elif report_format in JSON:
        json.loads(path.read_text(encoding="utf-8"))
    elif report_format in TEXT_LINES:
        match = TEXT_LINES[report_format].match
        for line in path.open(encoding="utf-8", newline="\n"):
            match(line[line.rfind("\r") + 1 :])
    else:
        for line in path.open(encoding="utf-8"):
            if line.startswith("{"):
                json.loads(line)


def ours(path: Path, _format: str = "") -> int:
    """Read a file as inspect does, in its process. Return the number of tests."""
    (row,) = read_file(FoundFile(path, path.name, explicit=True)).files
    return row.counts.tests


def seconds(function: Callable[[Path, str], object], path: Path, report_format: str) -> float:
    """Return processor seconds."""
    start = time.process_time()
    function(path, report_format)
    return time.process_time() - start


def peak(path: Path) -> float:
    """Return the MiB that Python allocates during a read."""
    tracemalloc.start()
    ours(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


class Row(NamedTuple):
    """What is printed of a format.

    Attributes:
        tests: in the file.
        rate: megabytes a second.
        ratio: processor time of our reader / that of the floor, the median of pairs.
        peaks: MiB at most while a file is read, and one of four times its size.
    """

    tests: int
    rate: float
    ratio: float
    peaks: tuple[float, float]


def measure(report_format: str, megabytes: float, runs: int) -> Row:
    """Write a report and measure its reader."""
    with tempfile.TemporaryDirectory() as directory:
        path, small = Path(directory) / "report", Path(directory) / "small"
        write(path, report_format, int(megabytes * 1e6))
        write(small, report_format, int(megabytes * 1e6 / FOUR))
        # Interleaved, so that other load on the machine slows both.
        pairs = [
            (seconds(ours, path, report_format), seconds(floor, path, report_format)) for _ in range(runs)
        ]
        return Row(
            ours(path),
            path.stat().st_size / 1e6 / statistics.median(mine for mine, _ in pairs),
            statistics.median(mine / least for mine, least in pairs),
            (peak(small), peak(path)),
        )


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description="How fast is each format read?")
    options.add_argument("--megabytes", type=float, default=4)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("formats", nargs="*", default=[*XML, *JSON, *LINES])
    given = options.parse_args()
    print(f"{'format':18} {'tests':>8} {'MB/s':>6} {'x floor':>8} {'peak MiB':>9} {'of 4 x the file':>16}")
    rows: dict[str, Row] = {}
    one = partial(measure, megabytes=given.megabytes, runs=given.runs)
    # Memory that other formats left behind would make the floor of JSON faster: it holds a whole document.
    with get_context("spawn").Pool(1, maxtasksperchild=1) as processes:
        for name, row in zip(given.formats, processes.imap(one, given.formats), strict=True):
            rows[name] = row
            small, large = row.peaks
            print(f"{name:18} {row.tests:8,} {row.rate:6.1f} {row.ratio:8.2f} {small:9.1f} {large:16.1f}")
    slowest = max(rows, key=lambda name: rows[name].ratio)
    goals = [Goal(f"slowest format ({slowest}) / its floor", rows[slowest].ratio, 5)]
    if "cppunit" in rows:
        small, large = rows["cppunit"].peaks
        goals.append(Goal("CppUnit's peak for a file of 4 times the size / its peak", large / small, 1.1))
    record(goals)


if __name__ == "__main__":
    assert set(SAMPLES) == {*XML, *JSON, *LINES}  # noqa: S101 - a row for each
    main()
