"""Measure how quickly onetest-ci starts, as ratios within one run.

    python benchmarks/startup.py [--runs N]

Each round runs every contender once, in turn, so that a busy machine slows them all. A ratio is the median of
the ratios of the rounds.
``report`` is compared with a bare script that sends the requests of a real ``report``. A forwarding server
between the command and the emulator records them. The script replays them, with new ids where the client made
the id.
"""

import argparse
import base64
import contextlib
import http.client
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from goals import Goal, record
from processes import COMMAND, Cost, bare_environ, in_turns, ratio

PRODUCT_KEYS: Final = ("url", "product_id", "api_key")

SMALL_REPORT: Final = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="checkout" tests="6" failures="1" skipped="1">
    <testcase classname="tests.test_cart.TestCart" name="test_empty" file="tests/test_cart.py" time="0.01"/>
    <testcase classname="tests.test_cart.TestCart" name="test_one" file="tests/test_cart.py" time="0.02"/>
    <testcase classname="tests.test_cart.TestCart" name="test_many" file="tests/test_cart.py" time="0.03"/>
    <testcase classname="tests.test_pay.TestPay" name="test_card" file="tests/test_pay.py" time="0.04"/>
    <testcase classname="tests.test_pay.TestPay" name="test_cash" file="tests/test_pay.py" time="0.05">
      <failure message="assert 1 == 2" type="AssertionError">tests/test_pay.py:12: AssertionError</failure>
    </testcase>
    <testcase classname="tests.test_pay.TestPay" name="test_iou"><skipped/></testcase>
  </testsuite>
</testsuites>
"""

BARE_CLIENT: Final = """
import base64, json, sys
import httpx
with open(sys.argv[1]) as file:
    plan = json.load(file)
with httpx.Client(base_url=plan["url"]) as client:
    for method, path, headers, body, status in plan["requests"]:
        response = client.request(method, path, headers=headers, content=base64.b64decode(body))
        if response.status_code != status:
            sys.exit(f"{method} {path}: {response.status_code} instead of {status}: {response.text}")
"""

_UUID: Final = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


class Exchange(NamedTuple):
    """One request and its response."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int
    content: bytes


@dataclass
class Recorder:
    """A server that forwards to ``upstream`` and records the exchanges, in the order of the responses."""

    upstream: str
    exchanges: list[Exchange] = field(default_factory=list)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return a request handler that is bound to this recorder."""
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                self.raw_requestline = self.rfile.readline()
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                recorder.forward(self)

            def log_message(self, *_: object) -> None:
                """Print nothing: the table is the output."""

        return Handler

    def forward(self, request: BaseHTTPRequestHandler) -> None:
        """Forward one request, record it, and return the upstream's response."""
        body = _body(request)
        kept = ("authorization", "accept", "content-type")
        headers = {name: request.headers[name] for name in kept if name in request.headers}
        connection = http.client.HTTPConnection(urlsplit(self.upstream).netloc)
        with contextlib.closing(connection):
            connection.request(request.command, request.path, body=body, headers=headers)
            response = connection.getresponse()
            content = response.read()
        self.exchanges.append(
            Exchange(request.command, request.path, headers, body, response.status, content)
        )
        request.send_response(response.status)
        request.send_header("Content-Type", response.headers.get("Content-Type", "application/octet-stream"))
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)


def _body(request: BaseHTTPRequestHandler) -> bytes:
    if request.headers.get("Transfer-Encoding", "").lower() != "chunked":
        return request.rfile.read(int(request.headers.get("Content-Length", 0)))
    chunks = []
    while size := int(request.rfile.readline(), 16):
        chunks.append(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return b"".join(chunks)


@contextlib.contextmanager
def emulator() -> Iterator[dict[str, str]]:
    """Run a local OneTest in another process; yield the data that it prints when it listens."""
    process = subprocess.Popen([COMMAND, "emulator", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        announced = json.loads(process.stdout.readline() if process.stdout else "")
        yield {key: announced[key] for key in PRODUCT_KEYS}
    finally:
        process.terminate()
        process.communicate()


@contextlib.contextmanager
def recording(upstream: str) -> Iterator[tuple[str, Recorder]]:
    """Run a recorder on loopback; yield its address and the recorder."""
    recorder = Recorder(upstream)
    with ThreadingHTTPServer(("127.0.0.1", 0), recorder.handler()) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", recorder
        finally:
            server.shutdown()
            thread.join()


def client_made_ids(exchanges: list[Exchange], product_id: str) -> set[bytes]:
    """Return the ids that requests contain before any response does. Sent again, they would be duplicates."""
    received = {product_id.encode()}
    made: set[bytes] = set()
    for exchange in exchanges:
        made |= set(_UUID.findall(exchange.path.encode() + b" " + exchange.body)) - received
        received |= set(_UUID.findall(exchange.content)) - made
    return made


def write_plan(file: Path, service: dict[str, str], exchanges: list[Exchange]) -> None:
    """Write the requests for the bare client, with unused ids where the client made the id."""
    fresh = {old: str(uuid.uuid4()).encode() for old in client_made_ids(exchanges, service["product_id"])}

    def renewed(content: bytes) -> bytes:
        return _UUID.sub(lambda found: fresh.get(found[0], found[0]), content)

    requests = [
        (
            exchange.method,
            renewed(exchange.path.encode()).decode(),
            exchange.headers,
            base64.b64encode(renewed(exchange.body)).decode(),
            exchange.status,
        )
        for exchange in exchanges
    ]
    file.write_text(json.dumps({"url": service["url"], "requests": requests}), encoding="utf-8")


def start_goals(folder: Path, runs: int) -> list[Goal]:
    """Compare commands without network with an interpreter that does nothing."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "onetest-ci --version": [COMMAND, "--version"],
        "onetest-ci --help": [COMMAND, "--help"],
        "onetest-ci report --help": [COMMAND, "report", "--help"],
        "onetest-ci inspect small.xml": [COMMAND, "inspect", "small.xml"],
    }
    limits = {"onetest-ci --version": 5, "onetest-ci --help": 5, "onetest-ci inspect small.xml": 8}
    environ = bare_environ(folder)
    costs = measured({name: partial(Cost.of, argv, folder, environ) for name, argv in commands.items()}, runs)
    base = costs["python -c pass"]
    return [
        Goal(f"{name} / python -c pass", ratio(costs[name], base), limit) for name, limit in limits.items()
    ]


def report_goals(folder: Path, runs: int) -> list[Goal]:
    """Compare a whole ``report`` with the bare client, which makes the same calls."""
    plan = folder / "plan.json"
    # An undelivered report would be quick, and would end with 0 without --fail-on-upload-error.
    command = [COMMAND, "report", "small.xml", "--build-version", "1.0", "--fail-on-upload-error"]
    with emulator() as service:

        def report(url: str = service["url"]) -> Cost:
            settings = {
                "ONETEST_BASE_URL": url,
                "ONETEST_PRODUCT_ID": service["product_id"],
                "ONETEST_API_KEY": service["api_key"],
            }
            return Cost.of(command, folder, bare_environ(folder) | settings)

        def bare() -> Cost:
            write_plan(plan, service, recorder.exchanges)
            return Cost.of([sys.executable, "-c", BARE_CLIENT, str(plan)], folder, bare_environ(folder))

        # The first report creates the build. The measured ones find it.
        report()
        with recording(service["url"]) as (url, recorder):
            report(url)
        costs = measured({"bare httpx script": bare, "onetest-ci report small.xml": report}, runs)
    print(f"report and the bare script make the same {len(recorder.exchanges)} requests")
    of_report = ratio(costs["onetest-ci report small.xml"], costs["bare httpx script"])
    return [Goal("onetest-ci report small.xml / bare httpx script", of_report, 1.3)]


def measured(contenders: Mapping[str, Callable[[], Cost]], runs: int) -> dict[str, list[Cost]]:
    """Measure contenders in turns and print a line for each. A first round only warms caches."""
    costs = {name: several[1:] for name, several in in_turns(contenders, runs + 1).items()}
    base = next(iter(costs.values()))
    for name, several in costs.items():
        clock = statistics.median(one.clock for one in several)
        print(f"  {name:34}{clock * 1000:7.0f} ms{ratio(several, base):8.2f} x")
    return costs


def imported_by_inspect(folder: Path) -> set[str]:
    """Return the top-level modules that ``inspect`` of a small file imports."""
    arguments = [sys.executable, "-X", "importtime", "-m", "onetest_ci", "inspect", "small.xml"]
    done = subprocess.run(
        arguments, cwd=folder, env=bare_environ(folder), capture_output=True, text=True, check=True
    )
    lines = (line for line in done.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=10, help="counted rounds (default 10)")
    runs = max(1, parser.parse_args().runs)
    with tempfile.TemporaryDirectory(prefix="onetest-startup-") as name:
        folder = Path(name)
        (folder / "small.xml").write_text(SMALL_REPORT, encoding="utf-8")
        goals = start_goals(folder, runs)
        modules = imported_by_inspect(folder)
        verdict = "IS" if "httpx" in modules else "is not"
        print(f"inspect imports {len(modules)} top-level modules; httpx {verdict} among them")
        record(goals + report_goals(folder, runs))


if __name__ == "__main__":
    main()
