"""How fast is delivery, and in how much memory? Prints ratios measured in one run; only these mean anything.

    python benchmarks/pushing.py speed [--tests 10000] [--runs 3] [--server bare|emulator]
    python benchmarks/pushing.py import [--tests 100000] [--runs 3]
    python benchmarks/pushing.py memory [--large 50000] [--import-large 1000000]

``speed``: ``push`` in launch mode beside ReportPortal's own Python clients sending the same tree (a launch,
suites of 200, a log for each failure), with 20 ms between question and answer and without. Its default client
waits for each answer, so it gets a tenth of the tests. The batched one gets its own default of ten tasks, and
the numbers that were found to be best; like the threaded one it holds up to 50 connections. Each round runs
every contender once, in turn. The bare server counts: who does not deliver everything is no contender. Before
the emulator, whose Receiver has a path before it, the asynchronous clients cannot run (5.7.12 with aiohttp
3.14 drops a path in the address, or fails for want of a slash behind it).

What is started here ends with it, also when it is killed; a contender gets ten minutes.
"""

import argparse
import contextlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import reading

COMMAND: Final = str(Path(sys.executable).with_name("onetest-ci"))
SERVERS: Final = str(Path(__file__).with_name("servers.py"))
PRODUCT: Final = "11111111-2222-4333-8444-555555555555"
KEY: Final = "ak_0123456789ABCDEFGHIJKLMNOPQRSTUV"
SUITE: Final = reading.SUITE
CLIENTS: Final = ("default", "batched, 10", "batched, 200", "batched, 400", "threaded")
PATIENCE: Final = 600.0
"""Seconds for one process."""
NO_LIMIT: Final = ("--max-api-calls", "10000000")


@contextlib.contextmanager
def process(*command: str) -> Iterator[str]:
    """A server; gives the first line that it prints. Ours end when nobody holds their input any more."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running.stdout.readline().strip() if running.stdout else ""
        finally:
            running.terminate()


@contextlib.contextmanager
def onetest(kind: str, delay_ms: int = 0, tests: int = 0) -> Iterator[dict[str, str]]:
    """A server of that kind, so far away; gives the variables that lead to it.

    In the end a bare one must have taken so many tests.
    """
    with contextlib.ExitStack() as running:
        if kind == "bare":
            port = running.enter_context(process(sys.executable, SERVERS, "bare"))
            told = {"product_id": PRODUCT, "api_key": KEY}
            running.callback(check_taken, port, tests)
        else:
            told = json.loads(running.enter_context(process(COMMAND, "emulator", "--port", "0")))
            port = told["url"].rpartition(":")[2]
        if delay_ms:
            port = running.enter_context(process(sys.executable, SERVERS, "relay", port, str(delay_ms)))
        receiver = "" if kind == "bare" else "/api/receiver"
        yield os.environ | {
            "RECEIVER": f"http://127.0.0.1:{port}{receiver}",
            "ONETEST_BASE_URL": f"http://127.0.0.1:{port}",
            "ONETEST_PRODUCT_ID": told["product_id"],
            "ONETEST_API_KEY": told["api_key"],
        }


def check_taken(port: str, tests: int) -> None:
    """See that a bare server was told of so many tests, from start to finish."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/taken", timeout=PATIENCE) as answer:
        taken = json.load(answer)
    if min(taken["started"], taken["finished"]) < tests:
        sys.exit(f"of {tests} tests only {taken} arrived")


class Cost(NamedTuple):
    """What a whole process took: seconds by the clock and of the processor, and its peak in MiB."""

    seconds: float
    cpu: float
    peak: float


def run(command: list[str], env: dict[str, str], cwd: Path) -> Cost:
    """Run a process to its end."""
    start = time.perf_counter()
    child = subprocess.Popen(command, env=env, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    patience = threading.Timer(PATIENCE, child.kill)
    patience.start()
    try:
        _, status, usage = os.wait4(child.pid, 0)
    except BaseException:
        child.kill()
        raise
    finally:
        patience.cancel()
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)} ended with {child.returncode} after {seconds:.0f} s")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def collect(directory: Path, tests: int) -> str:
    """A bundle of so many tests; gives its name."""
    report, bundle = directory / f"{tests}.xml", f"bundle-{tests}"
    reading.write(report, tests)
    run([COMMAND, "collect", "--bundle", bundle, report.name], dict(os.environ), directory)
    return bundle


def push(directory: Path, bundle: str, env: dict[str, str], *options: str) -> Cost:
    """Push a bundle as if for the first time."""
    for name in ("delivery.jsonl", "delivery.count"):
        (directory / bundle / name).unlink(missing_ok=True)
    return run([COMMAND, "push", bundle, *NO_LIMIT, *options], env, directory)


# --- ReportPortal's client


def client(kind: str, tests: int) -> None:
    """Send the tree as ReportPortal's client does; runs in a process of its own."""
    # A peer, needed here alone.
    from reportportal_client import RPClient  # type: ignore[import-untyped]  # noqa: PLC0415
    from reportportal_client.aio import BatchedRPClient, ThreadedRPClient  # type: ignore[import-untyped]  # noqa: PLC0415

    where = (os.environ["RECEIVER"], os.environ["ONETEST_PRODUCT_ID"])
    options: dict[str, Any] = {"api_key": os.environ["ONETEST_API_KEY"]}
    name, _, tasks = kind.partition(", ")
    kinds = {"default": RPClient, "batched": BatchedRPClient, "threaded": ThreadedRPClient}
    if tasks:
        options["trigger_num"] = int(tasks)
    sender: Any = kinds[name](*where, **options)
    sender.start_launch("benchmark", now())
    for first in range(0, tests, SUITE):
        suite = sender.start_test_item(f"suite {first}", now(), "SUITE")
        for number in range(first, min(first + SUITE, tests)):
            failed = "<failure" in reading.INSIDE.get(number % 20, "")
            item = sender.start_test_item(
                f"test_returns_empty_{number}", now(), "STEP", parent_item_id=suite, code_ref="tests/a.py:T.t"
            )
            if failed:
                sender.log(now(), reading.TRACE, level="ERROR", item_id=item)
            sender.finish_test_item(item, now(), status="failed" if failed else "passed")
        sender.finish_test_item(suite, now())
    sender.finish_launch(now())
    sender.close()


def now() -> str:
    """Epoch milliseconds."""
    return str(int(time.time() * 1000))


def speed(tests: int, runs: int, server: str) -> None:
    """Print throughputs and their ratios."""
    clients = CLIENTS if server == "bare" else CLIENTS[:1]
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        bundle = collect(directory, tests)
        for delay_ms in (20, 0):
            found: dict[str, list[tuple[Cost, int]]] = {}
            for _ in range(runs):
                for label, options in (("push", ()), ("push, 16 connections", ("--connections", "16"))):
                    with onetest(server, delay_ms, tests) as env:
                        cost = push(directory, bundle, env, "--mode", "launch", *options)
                    found.setdefault(label, []).append((cost, tests))
                for kind in clients:
                    share = tests // 10 if kind == "default" else tests
                    command = [sys.executable, __file__, "client", kind, "--tests", str(share)]
                    with onetest(server, delay_ms, share) as env:
                        cost = run(command, {**env, "AGENT_NO_ANALYTICS": "1"}, directory)
                    found.setdefault(kind, []).append((cost, share))
            print(f"{tests:,} tests, {server} server, {delay_ms} ms, medians of {runs}:")
            base = throughput(found["default"])
            for kind, costs in found.items():
                value, cpu = throughput(costs), statistics.median(cost.cpu / share for cost, share in costs)
                print(
                    f"  {kind:22} {value:7.0f} tests a second, {value / base:6.2f} x the default client; ",
                    end="",
                )
                print(f"{cpu * 1000:.2f} ms of the processor a test")
            best, name_of_best = max((throughput(found[kind]), kind) for kind in clients)
            ratio = throughput(found["push"]) / best
            print(f"  push beside the best client ({name_of_best}): {ratio:.2f} x", flush=True)


def throughput(costs: list[tuple[Cost, int]]) -> float:
    """Tests a second, the median."""
    return statistics.median(tests / cost.seconds for cost, tests in costs)


# --- import


READ: Final = """
import sys
from pathlib import Path
from onetest_ci.reports import FoundFile, read_file
from onetest_ci.reports import find, read_reports
read_reports(find([sys.argv[1]], root=Path.cwd()), lambda file, record: None)
"""
UPLOAD: Final = """
import os, sys, httpx
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        httpx.post(os.environ["ONETEST_BASE_URL"], files={"file": file}).raise_for_status()
"""


def importing(tests: int, runs: int) -> None:
    """Print the ratio of ``report`` in import mode to reading the file and uploading the same bytes."""
    with tempfile.TemporaryDirectory() as name, onetest("bare") as env:
        directory = Path(name)
        reading.write(directory / "r.xml", tests)
        run([COMMAND, "collect", "--bundle", "b", "r.xml"], env, directory)
        push(directory, "b", env, "--mode", "import")
        documents = sorted(str(path) for path in (directory / "b" / "import").iterdir())
        parts: list[list[Cost]] = [[], [], []]
        commands = (
            [COMMAND, "report", "--mode", "import", "r.xml"],
            [sys.executable, "-c", READ, "r.xml"],
            [sys.executable, "-c", UPLOAD, *documents],
        )
        for _ in range(runs):
            for costs, command in zip(parts, commands, strict=True):
                costs.append(run(command, env, directory))
        print(f"{tests:,} tests, import, medians of {runs}:")
        for label, at in (("clock", 0), ("processor", 1)):
            ours, read, upload = (statistics.median(cost[at] for cost in costs) for costs in parts)
            print(f"  {label}: report {ours:.2f} s, reading {read:.2f} s, upload {upload:.2f} s: ", end="")
            print(f"{ours / (read + upload):.2f} x both")


# --- memory


def memory(large: int, import_large: int) -> None:
    """Print the peaks of ``push`` for small and large bundles."""
    for mode, sizes in (("launch", (1000, large)), ("import", (10_000, import_large))):
        with tempfile.TemporaryDirectory() as name, onetest("bare") as env:
            directory = Path(name)
            peaks = []
            for tests in sizes:
                bundle = collect(directory, tests)
                peaks.append(push(directory, bundle, env, "--mode", mode).peak)
                # And once more, when all is in the log.
                again = run([COMMAND, "push", bundle, *NO_LIMIT], env, directory).peak
                print(
                    f"{mode}: {tests:,} tests: push {peaks[-1]:.0f} MiB, push of a delivered one {again:.0f}"
                )
            print(f"{mode}: {peaks[1] - peaks[0]:+.0f} MiB for {sizes[1] // sizes[0]} times the tests")


def main() -> None:
    """Measure what was asked for."""
    options = argparse.ArgumentParser(description="How fast is delivery, and in how much memory?")
    options.add_argument("what", choices=["speed", "import", "memory", "client"])
    options.add_argument("kind", nargs="?")
    options.add_argument("--tests", type=int)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--server", choices=["bare", "emulator"], default="bare")
    options.add_argument("--large", type=int, default=50_000)
    options.add_argument("--import-large", type=int, default=1_000_000)
    given = options.parse_args()
    # So that what was started is ended.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    if given.what == "speed":
        speed(given.tests or 10_000, given.runs, given.server)
    elif given.what == "import":
        importing(given.tests or 100_000, given.runs)
    elif given.what == "memory":
        memory(given.large, given.import_large)
    else:
        client(given.kind, given.tests)


if __name__ == "__main__":
    main()
