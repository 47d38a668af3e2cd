"""Measures speed and memory of reading reports, against peers and the least that is possible.

    python benchmarks/reading.py [--tests 100000] [--files 100000] [--runs 3] [--report FILE]

One synthetic report (``synthetic.py``), unless a file is named. Contenders run in turns. A ratio is the
median of the ratios of the rounds.

- The minimal stream is the least that expat can do from Python: a tuple for each case.
- junitparser reads the whole document, on lxml and on xml.etree. Each case is asked for its result, its time
  and its output, which a row of ``inspect`` contains. ``tuples`` asks for all that our records hold.
- ``datadog-ci junit upload --dry-run`` reads and validates the whole file and sends nothing.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import rmtree
from xml.parsers import expat

import synthetic
from goals import Goal, record
from onetest_ci.reports import FoundFile, find, read_file, read_reports
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats import junit
from processes import COMMAND, DATADOG, PEERS_PYTHON, Cost, bare_environ, in_turns, ratio, show

CHUNK = 128 * 1024
PARTLY_READ = 3
"""Exit code of a command that read a report with errors; ``--report`` may name such a file."""


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


def in_process(path: Path, runs: int) -> None:
    """Compare the reader with the minimal stream."""
    functions = (expat_alone, minimal, reader, counted)
    times: dict[str, list[float]] = {function.__name__: [] for function in functions}
    for _ in range(runs):
        for function in functions:
            times[function.__name__].append(seconds(function, path))
    print("in one process, processor seconds against the minimal stream:")
    ratios = {}
    for name, taken in times.items():
        pairs = zip(taken, times["minimal"], strict=True)
        ratios[name] = statistics.median(one / least for one, least in pairs)
        print(f"  {name:34} {ratios[name]:6.2f} x  {statistics.median(taken):6.2f} s")
    record([Goal("reader / minimal expat stream", ratios["reader"], 1.25)])


def inspect(folder: Path, reports: Path) -> Cost:
    """Inspect reports, some of which may have errors."""
    command = [COMMAND, "inspect", str(reports)]
    return Cost.of(command, folder, bare_environ(folder), codes=(0, PARTLY_READ))


def collect(folder: Path, reports: Path) -> Cost:
    """Collect reports, some of which may have errors, into a new bundle."""
    bundle = folder / "bundle"
    rmtree(bundle, ignore_errors=True)
    command = [COMMAND, "collect", str(reports), "--bundle", str(bundle)]
    return Cost.of(command, folder, bare_environ(folder), codes=(0, PARTLY_READ))


def as_processes(path: Path, folder: Path, runs: int) -> None:
    """Compare whole processes with each other and with the peers."""
    environ = bare_environ(folder)
    fake_key = environ | {"DD_API_KEY": "0" * 32}
    upload = [str(DATADOG), "junit", "upload", "--dry-run", "--service", "x", "--skip-git-metadata-upload"]
    contenders: dict[str, Callable[[], Cost]] = {
        "inspect": partial(inspect, folder, path),
        "collect": partial(collect, folder, path),
        "datadog-ci": partial(Cost.of, [*upload, str(path)], folder, fake_key),
    }
    for library in ("lxml", "etree"):
        for what in ("counts", "tuples"):
            program = [PEERS_PYTHON, "-c", JUNITPARSER, str(path), library, what]
            contenders[f"junitparser on {library}, {what}"] = partial(Cost.of, program, folder, environ)
    costs = in_turns(contenders, runs)
    print("whole processes:")
    show(costs)
    inspected, collected = costs["inspect"], costs["collect"]
    faster = (
        ("datadog-ci junit upload --dry-run / collect", costs["datadog-ci"], collected, 2),
        ("junitparser on lxml / inspect", costs["junitparser on lxml, counts"], inspected, 1.8),
        ("junitparser on xml.etree / inspect", costs["junitparser on etree, counts"], inspected, 1.4),
    )
    record(
        [
            Goal("collect / inspect", ratio(collected, inspected), 1.6),
            *(Goal(name, ratio(other, own), least, at_least=True) for name, other, own, least in faster),
            Goal("peak of inspect", max(cost.peak for cost in inspected), 60, "MiB"),
            Goal("peak of collect", max(cost.peak for cost in collected), 60, "MiB"),
        ]
    )


def memory(folder: Path, tests: int) -> None:
    """Print the peak memory of inspect, which does not depend on the size of its files."""
    peaks = {}
    for number in (1000, tests):
        path = folder / f"{number}.xml"
        synthetic.write(path, number)
        peaks[number] = inspect(folder, path).peak
    found = ", ".join(f"{number:,} cases {peak:.0f} MiB" for number, peak in peaks.items())
    print(f"peak of inspect: {found}")


def single_tests(folder: Path, files: int, runs: int) -> None:
    """Compare collect with inspect on files of one test each."""
    reports = folder / "single"
    synthetic.write_single(reports, files)
    contenders = {"inspect": partial(inspect, folder, reports), "collect": partial(collect, folder, reports)}
    costs = in_turns(contenders, runs)
    print(f"{files:,} files of one test each:")
    show(costs)
    name = f"{files:,} files of one test"
    record(
        [
            Goal(f"{name}: collect / inspect", ratio(costs["collect"], costs["inspect"]), 2),
            Goal(
                f"{name}: peak of collect", max(cost.peak for cost in costs["collect"]) * 1.048576, 150, "MB"
            ),
        ]
    )


def many_files(folder: Path, runs: int) -> None:
    """Compare one processor with all of them, on 1,000 files of 100 cases."""
    reports = folder / "many"
    reports.mkdir()
    for number in range(1000):
        synthetic.write(reports / f"{number}.xml", 100)
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
    options.add_argument("--files", type=int, default=100_000, help="reports of one test each")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--report", type=Path, help="read this file and not a synthetic one")
    options.add_argument("--most", type=int, default=500_000, help="cases of the measure of memory")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        path = given.report or folder / "report.xml"
        if given.report is None:
            synthetic.write(path, given.tests)
        print(f"{path.stat().st_size / 1e6:.1f} MB, {expat.EXPAT_VERSION}")
        # Processes first: a child's peak counts from its parent's size.
        as_processes(path.resolve(), folder, given.runs)
        memory(folder, given.most)
        single_tests(folder, given.files, max(1, given.runs - 1))
        in_process(path, given.runs)
        many_files(folder, given.runs)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
