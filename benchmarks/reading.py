"""Measures speed and memory of reading reports. Prints ratios of one run; only the ratios mean anything.

    python benchmarks/reading.py [--tests 100000] [--runs 5] [--report FILE]

One synthetic file, unless one is named: suites of 200 cases, 5 % failures with a stack trace of 2 KB, 5 %
skips, output and properties on every tenth case. What is compared is measured in turns, medians are printed.
The base is the least that expat can do from Python: a tuple per case. junitparser reads the whole document,
on lxml (where installed) and on xml.etree, and its cases are asked for what the records of the reader hold.
"""

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from onetest_ci.reports import FoundFile, find, read_file, read_reports
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats import junit

CHUNK = 128 * 1024
SUITE = 200
TRACE = "\n".join(
    f'  File "/home/runner/app/src/area_{i}/module.py", line {i * 7}, in call_{i}\n    return self.call({i})'
    for i in range(18)
)
PROPERTIES = '<properties><property name="owner" value="team"/><property name="id" value="C1"/></properties>'
FAILURE = f'<failure message="assert 1 == 2" type="AssertionError"><![CDATA[{TRACE}]]></failure>'
SKIPPED = '<skipped message="not on this platform"/>'
OUTPUT = f"<system-out>{'INFO step ok; value &lt;a&gt; &amp; b; ' * 6}</system-out>"
SHOT = "<system-out>[[ATTACHMENT|shots/{}.png]]</system-out>"
INSIDE = {3: PROPERTIES, 7: FAILURE + SHOT, 9: SKIPPED, 13: PROPERTIES, 15: OUTPUT, 16: OUTPUT}
"""The elements inside a case, by its number modulo 20."""


def write(path: Path, tests: int) -> None:
    """Write a report of ``tests`` tests."""
    with path.open("w") as file:
        file.write("<testsuites>\n")
        for first in range(0, tests, SUITE):
            suite = f"tests.area_{first % 16}.test_module_{first // SUITE}"
            file.write(f'<testsuite name="{suite}" timestamp="2026-11-01T10:00:00">\n')
            for number in range(first, min(first + SUITE, tests)):
                file.write(case(number, suite))
            file.write("</testsuite>\n")
        file.write("</testsuites>\n")


def case(number: int, suite: str) -> str:
    """Return one case of the mix."""
    inside = INSIDE.get(number % 20, "").replace("{}", str(number))
    return (
        f'<testcase classname="{suite}.TestCase" name="test_returns_empty_{number}" '
        f'file="{suite.replace(".", "/")}.py" line="{number % 900}" time="{number % 1000 / 1000}">'
        f"{inside}</testcase>\n"
    )


def expat_alone(path: Path) -> int:
    """Run the tokenizer with handlers that do nothing."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda *_: None
    parser.EndElementHandler = lambda *_: None
    parser.CharacterDataHandler = lambda *_: None
    feed(parser, path)
    return 0


def minimal(path: Path) -> int:
    """Make a tuple per case: attributes, verdict, texts. No suites, retries, properties or limits."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    rows: list[tuple[object, ...]] = []
    texts: list[str] = []
    state: list[object] = [None, "passed", ""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "testcase":
            state[:] = attributes, "passed", ""
        elif tag in {"failure", "error", "skipped"}:
            state[1:] = tag, attributes.get("message", "")
            parser.CharacterDataHandler = texts.append
        elif tag in {"system-out", "system-err"}:
            parser.CharacterDataHandler = texts.append

    def end(tag: str) -> None:
        if tag == "testcase":
            attributes = state[0]
            assert isinstance(attributes, dict)  # noqa: S101 - expat pairs the tags
            get = attributes.get
            place = get("classname"), get("name"), get("file"), get("line")
            rows.append((*place, float(get("time") or 0), *state[1:], "".join(texts)))
            texts.clear()
        else:
            parser.CharacterDataHandler = None

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    return feed(parser, path, rows)


def feed(parser: expat.XMLParserType, path: Path, rows: list[tuple[object, ...]] | None = None) -> int:
    """Parse piece by piece. Return the number of rows, which are thrown away."""
    count = 0
    with path.open("rb") as stream:
        while data := stream.read(CHUNK):
            parser.Parse(data)
            if rows:
                count += len(rows)
                rows.clear()
    parser.Parse(b"", True)
    return count + len(rows or ())


def reader(path: Path) -> int:
    """Read records without counting them."""
    with path.open("rb") as stream:
        return sum(len(records) for records in junit.read(stream, Reading(str(path))))


def counted(path: Path) -> int:
    """Read a report as inspect does, in its process."""
    return read_file(FoundFile(path, path.name, explicit=True)).totals.tests


def seconds(function: Callable[[Path], int], path: Path) -> float:
    """Return processor seconds."""
    start = time.process_time()
    function(path)
    return time.process_time() - start


class Process(NamedTuple):
    """One process: processor seconds, elapsed seconds, peak in MiB. NaN if it cannot run."""

    seconds: float
    clock: float
    peak: float

    @classmethod
    def of(cls, command: list[str]) -> "Process":
        """Run a process and measure it."""
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        clock = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode == NOT_INSTALLED:
            return cls(math.nan, math.nan, math.nan)
        return cls(usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss / 1024)


NOT_INSTALLED = 77
READER = """
import io, sys
from onetest_ci.reports.formats import junit
from onetest_ci.reports.engine.reading import Reading
with open(sys.argv[1], "rb") as stream:
    print(sum(len(records) for records in junit.read(stream, Reading("r"))))
"""
OURS = "from onetest_ci.cli import main; main()"
# Reads from each case the fields of our record (``tuples``), or those of a row of inspect (``counts``).
JUNITPARSER = """
import sys
_, path, library, what = sys.argv
if library == "etree":
    sys.modules["lxml"] = None
try:
    if library == "lxml":
        import lxml
    import junitparser
except ImportError:
    sys.exit(77)
made = {}
for suite in junitparser.JUnitXml.fromfile(path):
    for case in suite:
        results = case.result
        if what == "tuples":
            said = [(type(one), one.message, one.type, one.text) for one in results]
            place = case._elem.get("file"), case._elem.get("line")
            row = (case.classname, case.name, case.time, place, said, case.system_out, case.system_err)
        else:
            kind = type(results[0]) if results else None
            made[kind] = made.get(kind, 0) + 1
            made["seconds"] = made.get("seconds", 0) + (case.time or 0)
            made["files"] = made.get("files", 0) + (case.system_out or "").count("[[ATTACHMENT|")
"""
_PEER = "import sys\ntry:\n    import {0}\nexcept ImportError:\n    sys.exit(77)\n{1}"
PEERS = {
    "test-results-parser (codecov)": _PEER.format(
        "test_results_parser as t", "t.parse_junit_xml(open(sys.argv[1], 'rb').read())"
    ),
    "junit2html": _PEER.format("junit2htmlreport.parser as t", "t.Junit(sys.argv[1])"),
    "xunitparser": _PEER.format("xunitparser as t", "t.parse(open(sys.argv[1]))"),
}
"""Other Python readers of reports, measured where they are installed."""


def in_process(path: Path, runs: int) -> None:
    """Compare the reader with the floor."""
    functions = (expat_alone, minimal, reader, counted)
    times: dict[str, list[float]] = {function.__name__: [] for function in functions}
    for _ in range(runs):
        for function in functions:
            times[function.__name__].append(seconds(function, path))
    base = times["minimal"]
    print("in one process, against the minimal stream:")
    for name, taken in times.items():
        ratio = statistics.median(one / of for one, of in zip(taken, base, strict=True))
        print(f"  {name:34} {ratio:6.2f} x  {statistics.median(taken):6.2f} s")


def as_processes(path: Path, folder: Path, runs: int) -> None:
    """Compare whole processes with junitparser."""
    python = [sys.executable, "-c"]
    bundle = folder / "bundle"
    commands = {
        "reader alone": [*python, READER, str(path)],
        "inspect": [*python, OURS, "inspect", str(path)],
        "collect": [*python, OURS, "collect", str(path), "--bundle", str(bundle)],
        **{
            f"junitparser on {library}, {what}": [*python, JUNITPARSER, str(path), library, what]
            for library in ("lxml", "etree")
            for what in ("tuples", "counts")
        },
        **{name: [*python, program, str(path)] for name, program in PEERS.items()},
    }
    taken: dict[str, list[Process]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            shutil.rmtree(bundle, ignore_errors=True)
            taken[name].append(Process.of(command))
    print("whole processes, the processors' time, the clock's, and the peak:")
    for name, several in taken.items():
        middle = statistics.median(one.seconds for one in several)
        clock = statistics.median(one.clock for one in several)
        told = f"{middle:6.2f} s {clock:6.2f} s {several[0].peak:6.0f} MiB"
        told = "not installed" if math.isnan(middle) else told
        print(f"  {name:34} {told}")
    pairs = [
        ("reader alone", "junitparser on lxml, tuples"),
        ("reader alone", "junitparser on etree, tuples"),
        ("inspect", "junitparser on lxml, counts"),
        ("inspect", "junitparser on etree, counts"),
        ("collect", "junitparser on lxml, tuples"),
        ("collect", "junitparser on etree, tuples"),
    ]
    for ours, theirs in pairs:
        both = list(zip(taken[ours], taken[theirs], strict=True))
        ratio = statistics.median(other.seconds / own.seconds for own, other in both)
        clock = statistics.median(other.clock / own.clock for own, other in both)
        if not math.isnan(ratio):
            print(f"  {ours} is {ratio:.2f} x as fast as {theirs}, {clock:.2f} x by the clock")


def memory(folder: Path, tests: int) -> None:
    """Print the peak memory of inspect, which does not depend on the size of its files."""
    peaks = {}
    for number in (1000, tests):
        path = folder / f"{number}.xml"
        write(path, number)
        peaks[number] = Process.of([sys.executable, "-c", OURS, "inspect", str(path)]).peak
    told = ", ".join(f"{number:,} cases {peak:.0f} MiB" for number, peak in peaks.items())
    print(f"peak of inspect: {told}")


def many_files(folder: Path, runs: int) -> None:
    """Compare one processor with all of them, on 1,000 files of 100 cases."""
    reports = folder / "many"
    reports.mkdir()
    for number in range(1000):
        write(reports / f"{number}.xml", 100)
    found = find(["."], root=reports)
    taken: dict[str, list[float]] = {"one": [], "all": []}
    for _ in range(runs):
        start = time.perf_counter()
        for file in found.files:
            read_file(file)
        taken["one"].append(time.perf_counter() - start)
        start = time.perf_counter()
        read_reports(found)
        taken["all"].append(time.perf_counter() - start)
    ratio = statistics.median(one / every for one, every in zip(taken["one"], taken["all"], strict=True))
    print(f"1,000 files: {ratio:.2f} x as fast on {os.cpu_count()} processors as on one (wall time)")


def main() -> None:
    """Write the files, measure, print."""
    options = argparse.ArgumentParser(description="How fast are reports read?")
    options.add_argument("--tests", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--report", type=Path, help="read this file and not a synthetic one")
    options.add_argument("--most", type=int, default=1_000_000, help="cases of the memory's measure")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        path = given.report or folder / "report.xml"
        if given.report is None:
            write(path, given.tests)
        print(f"{path.stat().st_size / 1e6:.1f} MB, {expat.EXPAT_VERSION}")
        # Processes first: a child's peak counts from its parent's size.
        as_processes(path, folder, given.runs)
        memory(folder, given.most)
        in_process(path, given.runs)
        many_files(folder, given.runs)


if __name__ == "__main__":
    main()
