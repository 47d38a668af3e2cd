"""How fast are reports read? Prints ratios measured in one run; only the ratios mean anything.

    python benchmarks/reading.py [--tests 100000] [--runs 5]

One synthetic file: suites of 200 cases, 5 % failures with a stack trace of 2 KB, 5 % skips, output and
properties on every tenth case. The base is the least that expat can do from Python: a tuple per case.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

from onetest_ci.reports import FoundFile, junit, read_file
from onetest_ci.reports.dialect import Reading

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
"""What is in a case, by its number modulo 20."""


def write(path: Path, tests: int) -> None:
    """A report of so many tests."""
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
    """One case of the mix."""
    inside = INSIDE.get(number % 20, "").replace("{}", str(number))
    return (
        f'<testcase classname="{suite}.TestCase" name="test_returns_empty_{number}" '
        f'file="{suite.replace(".", "/")}.py" line="{number % 900}" time="{number % 1000 / 1000}">'
        f"{inside}</testcase>\n"
    )


def expat_alone(path: Path) -> int:
    """The tokenizer with handlers that do nothing."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda *_: None
    parser.EndElementHandler = lambda *_: None
    parser.CharacterDataHandler = lambda *_: None
    feed(parser, path)
    return 0


def minimal(path: Path) -> int:
    """A tuple per case: attributes, verdict, message and texts; no suites, repeats, properties or limits."""
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
    """Parse piece by piece; returns how many rows came out, which are thrown away."""
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
    """The reader: records, nothing counted."""
    with path.open("rb") as stream:
        return sum(len(records) for records in junit.read(stream, Reading(str(path))))


def counted(path: Path) -> int:
    """What inspect does in its process."""
    return read_file(FoundFile(path, path.name, explicit=True)).totals.tests


def with_junitparser(path: Path) -> int:
    """The whole document by junitparser on xml.etree, then each case's verdict."""
    import junitparser  # noqa: PLC0415 - its import is part of no other figure

    suites = junitparser.JUnitXml.fromfile(str(path))
    return sum(1 for suite in suites for case in suite if case.is_passed or case.result)


def seconds(function: Callable[[Path], int], path: Path, runs: int) -> float:
    """Median of the processor's time."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        function(path)
        times.append(time.process_time() - start)
    return statistics.median(times)


def process(command: list[str], runs: int) -> tuple[float, int]:
    """Median wall time and the peak in MiB of a whole process."""
    times = []
    peak = 0
    for _ in range(runs):
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        times.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss // 1024)
    return statistics.median(times), peak


INSPECT = "import sys; from onetest_ci.cli import main; main()"
JUNITPARSER = """import sys, junitparser
suites = junitparser.JUnitXml.fromfile(sys.argv[1])
print(sum(1 for suite in suites for case in suite if case.is_passed or case.result))"""


def main() -> None:
    """Write the files, measure, print."""
    options = argparse.ArgumentParser(description="How fast are reports read?")
    options.add_argument("--tests", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path, small = Path(directory) / "report.xml", Path(directory) / "small.xml"
        write(path, given.tests)
        write(small, 1000)
        print(f"{given.tests:,} cases, {path.stat().st_size / 1e6:.1f} MB, {expat.EXPAT_VERSION}")
        # Processes first: a child's peak counts from its parent's size.
        ours, ours_peak = process([sys.executable, "-c", INSPECT, "inspect", str(path)], given.runs)
        _, small_peak = process([sys.executable, "-c", INSPECT, "inspect", str(small)], 1)
        theirs, theirs_peak = process([sys.executable, "-c", JUNITPARSER, str(path)], given.runs)
        base = seconds(minimal, path, given.runs)
        for function in (expat_alone, minimal, reader, counted, with_junitparser):
            ratio = seconds(function, path, given.runs) / base
            print(f"{function.__name__:18} {ratio:5.2f} x the minimal stream")
        print(f"inspect is {theirs / ours:.2f} x as fast as junitparser, whole processes;")
        print(f"peaks: {ours_peak} MiB, {small_peak} MiB for 1,000 cases, {theirs_peak} MiB for junitparser")


if __name__ == "__main__":
    main()
