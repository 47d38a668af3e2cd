"""How fast is delivery, and in how much memory? Prints ratios measured in one run; only these mean anything.

    python benchmarks/pushing.py speed [--tests 5000] [--runs 2] [--beside COMMAND] [--clients default ...]
    python benchmarks/pushing.py import [--tests 100000] [--runs 3]
    python benchmarks/pushing.py memory [--large 50000] [--import-large 1000000]

``speed`` measures under the conditions of real use: over TLS, with a certificate authority that is made for
the run, and a server that responds after 20 ms and after 50 ms. Each round runs, in turn:

* ``floor``: the same number of requests from a bare asyncio client with as many connections as ``push``. It
  shows that the server is not the limit;
* ``push``: a whole process that pushes a bundle in launch mode;
* the ``onetest-ci`` of another checkout, with ``--beside``.

The first round also runs ReportPortal's own Python clients, which send the same tree (a launch, suites of
200, a log for each failure). The default client waits for each response, so it sends a tenth of the tests.
The batched client runs with its own 10 tasks in a batch, or with 200, which proved best here. The batched and
the threaded client hold up to 50 connections. The server counts the items; the benchmark ends with an error
when a contender did not deliver all of them.

Servers end with this program, even if it is killed. A contender has ten minutes.
"""

import argparse
import contextlib
import http.client
import json
import os
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import synthetic
from goals import Goal, record
from processes import COMMAND, PEERS_PYTHON, Cost, in_turns, show

SERVERS: Final = str(Path(__file__).with_name("servers.py"))
PRODUCT: Final = "11111111-2222-4333-8444-555555555555"
KEY: Final = "ak_0123456789ABCDEFGHIJKLMNOPQRSTUV"
SUITE: Final = synthetic.SUITE
CLIENTS: Final = ("default", "batched-10", "batched-200", "threaded")
CONNECTIONS: Final = 50
"""As many as ``push`` and ReportPortal's asynchronous clients hold by default."""
DELAYS_MS: Final = (20, 50)
TIME_LIMIT: Final = 60.0
"""Seconds for a response."""
NO_LIMIT: Final = ("--max-api-calls", "10000000")


class Authority(NamedTuple):
    """A certificate authority made for one run.

    Attributes:
        bundle: PEM file of its certificate.
        certificate: PEM file of the certificate of 127.0.0.1 that it has signed.
        key: PEM file of that certificate's key.
    """

    bundle: str
    certificate: str
    key: str


def make_authority(directory: Path) -> Authority:
    """Make an authority and a certificate for 127.0.0.1, with the openssl command."""

    def make(name: str, *options: str) -> str:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
                *("-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{name}.key"),
                *("-out", f"{name}.pem", *options),
            ],
            cwd=directory,
            check=True,
            capture_output=True,
        )
        return str(directory / f"{name}.pem")

    bundle = make("authority", "-addext", "keyUsage=critical,keyCertSign")
    certificate = make(
        *("server", "-CA", "authority.pem", "-CAkey", "authority.key"),
        *("-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"),
    )
    return Authority(bundle, certificate, str(directory / "server.key"))


@contextlib.contextmanager
def serving(
    delay_ms: int = 0, tests: int = 0, authority: Authority | None = None
) -> Iterator[dict[str, str]]:
    """Start a server, with TLS if there is an authority; yield the variables that lead to it.

    At the end the server must have received ``tests`` items, started and finished.
    """
    command = [sys.executable, SERVERS, "serve", "--delay", str(delay_ms)]
    if authority:
        command += ["--certificate", authority.certificate, "--key", authority.key]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            port = running.stdout.readline().strip() if running.stdout else ""
            url = f"{'https' if authority else 'http'}://127.0.0.1:{port}"
            environ = os.environ | {
                "PORT": port,
                "ONETEST_BASE_URL": url,
                "ONETEST_PRODUCT_ID": PRODUCT,
                "ONETEST_API_KEY": KEY,
            }
            yield environ | ({"AUTHORITY": authority.bundle} if authority else {})
            tls = ssl.create_default_context(cafile=authority.bundle) if authority else None
            check_received(port, tests, tls)
        finally:
            running.terminate()


def check_received(port: str, tests: int, tls: ssl.SSLContext | None) -> None:
    """Exit if the server has received fewer items than tests."""
    connection = (
        http.client.HTTPSConnection("127.0.0.1", int(port), timeout=TIME_LIMIT, context=tls)
        if tls
        else http.client.HTTPConnection("127.0.0.1", int(port), timeout=TIME_LIMIT)
    )
    with contextlib.closing(connection):
        connection.request("GET", "/counts")
        counts = json.load(connection.getresponse())
    if min(counts["started"], counts["finished"]) < tests:
        sys.exit(f"of {tests} tests only {counts} arrived")


def collect(directory: Path, tests: int) -> str:
    """Write a bundle of that many tests and return its name."""
    report, bundle = directory / f"{tests}.xml", f"bundle-{tests}"
    synthetic.write(report, tests)
    Cost.of([COMMAND, "collect", "--bundle", bundle, report.name], directory, os.environ)
    return bundle


def push(directory: Path, bundle: str, env: dict[str, str], *options: str, command: str = COMMAND) -> Cost:
    """Push a bundle as if for the first time."""
    for name in ("delivery.jsonl", "delivery.count"):
        (directory / bundle / name).unlink(missing_ok=True)
    return Cost.of([command, "push", bundle, *NO_LIMIT, *options], directory, env)


# --- ReportPortal's client


def client(kind: str, tests: int) -> None:
    """Send the tree as ReportPortal's client does; runs in a process of its own."""
    # A peer, needed here alone.
    from reportportal_client import RPClient  # type: ignore[import-untyped]  # noqa: PLC0415
    from reportportal_client.aio import BatchedRPClient, ThreadedRPClient  # type: ignore[import-untyped]  # noqa: PLC0415

    place = (os.environ["ONETEST_BASE_URL"], os.environ["ONETEST_PRODUCT_ID"])
    options: dict[str, Any] = {
        "api_key": os.environ["ONETEST_API_KEY"],
        "verify_ssl": os.environ["AUTHORITY"],
    }
    name, _, tasks = kind.partition("-")
    kinds = {"default": RPClient, "batched": BatchedRPClient, "threaded": ThreadedRPClient}
    if tasks:
        options["trigger_num"] = int(tasks)
    sender: Any = kinds[name](*place, **options)
    sender.start_launch("benchmark", now())
    for first in range(0, tests, SUITE):
        suite = sender.start_test_item(f"suite {first}", now(), "SUITE")
        for number in range(first, min(first + SUITE, tests)):
            failed = "<failure" in synthetic.INSIDE.get(number % 20, "")
            item = sender.start_test_item(
                f"test_returns_empty_{number}", now(), "STEP", parent_item_id=suite, code_ref="tests/a.py:T.t"
            )
            if failed:
                sender.log(now(), synthetic.TRACE, level="ERROR", item_id=item)
            sender.finish_test_item(item, now(), status="failed" if failed else "passed")
        sender.finish_test_item(suite, now())
    sender.finish_launch(now())
    sender.close()


def now() -> str:
    """Epoch milliseconds."""
    return str(int(time.time() * 1000))


# --- speed


class Sample(NamedTuple):
    """One process of one contender, and how many tests it delivered."""

    cost: Cost
    tests: int

    @property
    def throughput(self) -> float:
        """Tests a second."""
        return self.tests / self.cost.clock


def speed(tests: int, runs: int, clients: list[str], beside: str | None) -> None:
    """Print throughputs and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        authority = make_authority(directory)
        bundle = collect(directory, tests)
        for delay_ms in DELAYS_MS:
            samples: dict[str, list[Sample]] = {}
            for round_number in range(runs):
                contenders = ours(directory, bundle, tests, beside)
                if round_number == 0:
                    contenders |= theirs(directory, tests, clients)
                for label, (count, contender) in contenders.items():
                    with serving(delay_ms, count, authority) as environ:
                        samples.setdefault(label, []).append(Sample(contender(environ), count))
            print(f"{tests:,} tests over TLS, responses after {delay_ms} ms, medians of {runs}:")
            show_throughputs(samples)


Contenders = dict[str, tuple[int, Callable[[dict[str, str]], Cost]]]
"""By name, how many tests each delivers, and what runs it."""


def ours(directory: Path, bundle: str, tests: int, beside: str | None) -> Contenders:
    """Return the contenders of each round."""

    def floor(environ: dict[str, str]) -> Cost:
        arguments = (environ["PORT"], str(CONNECTIONS), str(tests), environ["AUTHORITY"])
        return Cost.of([sys.executable, SERVERS, "floor", *arguments], directory, environ)

    def pushes(command: str) -> Callable[[dict[str, str]], Cost]:
        def contender(environ: dict[str, str]) -> Cost:
            options = ("--mode", "launch", "--ca-bundle", environ["AUTHORITY"])
            return push(directory, bundle, environ, *options, command=command)

        return contender

    contenders: Contenders = {"floor": (tests, floor), "push": (tests, pushes(COMMAND))}
    if beside:
        contenders["push beside"] = (tests, pushes(beside))
    return contenders


def theirs(directory: Path, tests: int, clients: list[str]) -> Contenders:
    """Return the contenders of the first round; none if the peers are not installed."""
    if not Path(PEERS_PYTHON).exists():
        return {}

    def sends(kind: str, share: int) -> Callable[[dict[str, str]], Cost]:
        command = [PEERS_PYTHON, __file__, "client", kind, "--tests", str(share)]
        return lambda environ: Cost.of(command, directory, environ | {"AGENT_NO_ANALYTICS": "1"})

    shares = {kind: tests // 10 if kind == "default" else tests for kind in clients}
    return {f"ReportPortal, {kind}": (share, sends(kind, share)) for kind, share in shares.items()}


def show_throughputs(samples: dict[str, list[Sample]]) -> None:
    """Print one table, and the ratio to the checkout beside as the median over the rounds."""
    medians = {label: statistics.median(sample.throughput for sample in of) for label, of in samples.items()}
    default = medians.get("ReportPortal, default")
    for label, of in samples.items():
        cpu = statistics.median(sample.cost.processor / sample.tests for sample in of) * 1000
        beside_default = f"{medians[label] / default:6.2f} x the default client; " if default else ""
        print(f"  {label:26} {medians[label]:6.0f} tests a second; {beside_default}", end="")
        print(f"{cpu:.2f} ms of the processor a test")
    if beside := samples.get("push beside"):
        pairs = zip(samples["push"], beside, strict=True)
        ratios = sorted(one.throughput / other.throughput for one, other in pairs)
        print(f"  push / push beside: {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    sys.stdout.flush()


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
    with tempfile.TemporaryDirectory() as name, serving() as env:
        directory = Path(name)
        synthetic.write(directory / "r.xml", tests)
        Cost.of([COMMAND, "collect", "--bundle", "b", "r.xml"], directory, env)
        push(directory, "b", env, "--mode", "import")
        documents = sorted(str(path) for path in (directory / "b" / "import").iterdir())
        commands = {
            "report --mode import": [COMMAND, "report", "--mode", "import", "r.xml"],
            "reading": [sys.executable, "-c", READ, "r.xml"],
            "upload": [sys.executable, "-c", UPLOAD, *documents],
        }
        contenders = {name: partial(Cost.of, command, directory, env) for name, command in commands.items()}
        costs = in_turns(contenders, runs)
        print(f"{tests:,} tests, import, medians of {runs}:")
        show(costs)
        rounds = list(zip(*costs.values(), strict=True))
        by_clock = statistics.median(
            ours.clock / (read.clock + upload.clock) for ours, read, upload in rounds
        )
        record([Goal("report --mode import / reading and upload", by_clock, 2)])


# --- memory


def memory(large: int, import_large: int) -> None:
    """Print the peaks of ``push`` for small and large bundles."""
    for mode, sizes in (("launch", (1000, large)), ("import", (10_000, import_large))):
        with tempfile.TemporaryDirectory() as name, serving() as env:
            directory = Path(name)
            peaks = []
            for tests in sizes:
                bundle = collect(directory, tests)
                peaks.append(push(directory, bundle, env, "--mode", mode).peak)
                # And once more, when all is in the log.
                again = Cost.of([COMMAND, "push", bundle, *NO_LIMIT], directory, env).peak
                print(
                    f"{mode}: {tests:,} tests: push {peaks[-1]:.0f} MiB, push of a delivered one {again:.0f}"
                )
            print(f"{mode}: {peaks[1] - peaks[0]:+.0f} MiB for {sizes[1] // sizes[0]} times the tests")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description="How fast is delivery, and in how much memory?")
    kinds = parser.add_subparsers(dest="what", required=True)
    fast = kinds.add_parser("speed")
    fast.add_argument("--tests", type=int, default=5000)
    fast.add_argument("--beside", metavar="COMMAND", help="the onetest-ci of another checkout")
    fast.add_argument("--clients", nargs="*", choices=CLIENTS, default=["default", "batched-200"])
    imports = kinds.add_parser("import")
    imports.add_argument("--tests", type=int, default=100_000)
    fast.add_argument("--runs", type=int, default=2)
    imports.add_argument("--runs", type=int, default=3)
    peaks = kinds.add_parser("memory")
    peaks.add_argument("--large", type=int, default=50_000)
    peaks.add_argument("--import-large", type=int, default=1_000_000)
    sender = kinds.add_parser("client", help="one of ReportPortal's clients; started by speed")
    sender.add_argument("kind", choices=CLIENTS)
    sender.add_argument("--tests", type=int, required=True)
    options = parser.parse_args()
    # So that the processes started here end with this one.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    if options.what == "speed":
        speed(options.tests, options.runs, options.clients, options.beside)
    elif options.what == "import":
        importing(options.tests, options.runs)
    elif options.what == "memory":
        memory(options.large, options.import_large)
    else:
        client(options.kind, options.tests)


if __name__ == "__main__":
    main()
