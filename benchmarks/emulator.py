"""Measure the emulator. Prints figures and ratios of one run.

    python benchmarks/emulator.py [--reporters 16] [--cases 1000] [--items 100000]

It has three parts:

- the time from a start to the first response, compared with a bare server of the same libraries;
- parallel reporters, each a process with a launch of its own;
- one launch with very many items.

All reported items are read back and counted: a lost item ends the program with an error.
"""

import argparse
import http.client
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

COMMAND: Final = str(Path(sys.executable).with_name("onetest-ci"))
NOON: Final = 1_700_000_000_000
STARTS: Final = 5

# The floor: the same server and framework, without the emulator.
BARE: Final = """
import asyncio, json, socket, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def accept(request):
    await request.json()
    return JSONResponse({"id": "x"}, 201)

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
listener.listen(1024)
app = Starlette(routes=[Route("/{path:path}", accept, methods=["POST", "PUT"])])
config = uvicorn.Config(app, access_log=False, log_config=None, lifespan="off", timeout_keep_alive=75)

class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print(json.dumps({"url": "http://127.0.0.1:%d" % listener.getsockname()[1]}), flush=True)

asyncio.run(Server(config).serve([listener]))
"""


class Load(NamedTuple):
    """The requests of one part, and their times in seconds."""

    requests: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    def percentile(self, part: float) -> float:
        """Return the milliseconds within which this part of the requests got a response."""
        return sorted(self.latencies)[int(len(self.latencies) * part)] * 1000


class Server(NamedTuple):
    """A server process, its announcement, and the seconds from its start to its first response."""

    process: subprocess.Popen[str]
    announced: dict[str, str]
    seconds: float

    @property
    def peak_mib(self) -> float:
        """Peak of the resident memory (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024


@contextmanager
def server(*command: str) -> Iterator[Server]:
    """Run a server."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout  # noqa: S101 - a pipe was requested
    announced = json.loads(process.stdout.readline())
    connection = http.client.HTTPConnection(urlsplit(announced["url"]).netloc)
    connection.request("POST", "/", b"{}")
    connection.getresponse().read()
    try:
        yield Server(process, announced, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait()


class Client:
    """One connection of a reporter. It records the time of each request."""

    def __init__(self, url: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self.latencies: list[float] = []

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Send a request and return the response's JSON. Any status but 200 and 201 ends the program."""
        began = time.perf_counter()
        self._connection.request(method, path, json.dumps(body) if body else None, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        self.latencies.append(time.perf_counter() - began)
        if response.status not in {200, 201}:
            sys.exit(f"{method} {path}: {response.status} {content[:300]!r}")
        return json.loads(content)


class Share(NamedTuple):
    """The part of one reporter: a number of cases for a launch, from case ``first`` on."""

    url: str
    token: str
    rp: str
    launch: str
    first: int
    cases: int


def report(share: Share) -> list[float]:
    """Report cases to a launch, as an agent does: start, a log entry for one in ten, finish."""
    url, token, rp, launch, first, cases = share
    client = Client(url, token)
    for number in range(first, first + cases):
        uuid = f"{launch}-{number}"
        item = {
            "name": f"test_{number}",
            "startTime": NOON,
            "type": "STEP",
            "launchUuid": launch,
            "uuid": uuid,
        }
        client.call("POST", f"{rp}/item", item | {"codeRef": f"tests/test_load.py:TestLoad.test_{number}"})
        failed = number % 10 == 0
        if failed:
            entry = {
                "launchUuid": launch,
                "itemUuid": uuid,
                "time": NOON,
                "level": "ERROR",
                "message": "x" * 500,
            }
            client.call("POST", f"{rp}/log", [entry])
        finish = {"endTime": NOON + 5, "launchUuid": launch, "status": "failed" if failed else "passed"}
        client.call("PUT", f"{rp}/item/{uuid}", finish)
    return client.latencies


def in_parallel(shares: list[Share]) -> Load:
    """Run each reporter in a process of its own."""
    with multiprocessing.Pool(len(shares)) as pool:
        began = time.perf_counter()
        latencies = [one for each in pool.map(report, shares, chunksize=1) for one in each]
        return Load(len(latencies), time.perf_counter() - began, latencies)


def measure_start(folder: Path) -> None:
    """Compare the start with the bare server's: medians of alternating starts."""
    ours, bare = [], []
    for number in range(STARTS):
        with server(sys.executable, "-c", BARE) as one:
            bare.append(one.seconds)
        with server(
            COMMAND, "emulator", "--port", "0", "--database", str(folder / f"start{number}.db")
        ) as one:
            ours.append(one.seconds)
    floor, start = statistics.median(bare), statistics.median(ours)
    print(f"start to first response {start:6.2f} s    bare server {floor:.2f} s    ratio {start / floor:.2f}")


def measure_reporters(folder: Path, reporters: int, cases: int) -> None:
    """Measure parallel reporters, each with a launch, and the same requests to the bare server."""
    with server(sys.executable, "-c", BARE) as bare:
        url = bare.announced["url"]
        floor = in_parallel([Share(url, "x", "", f"l{n}", 0, cases) for n in range(reporters)])
    with server(COMMAND, "emulator", "--port", "0", "--database", str(folder / "reporters.db")) as one:
        key, rp, _, _ = clients(one)
        launches = [start_launch(key, rp, f"reporter-{number}") for number in range(reporters)]
        url, token = one.announced["url"], one.announced["api_key"]
        load = in_parallel([Share(url, token, rp, launch, 0, cases) for launch in launches])
        key, rp, session, native = clients(one)  # new connections: the first ones have been idle for too long
        for launch in launches:
            key.call("PUT", f"{rp}/launch/{launch}/finish", {"endTime": NOON + 10})
            check(session, native, launch, cases)
        print_load(f"{reporters} reporters x {cases} cases", load, one)
    print(f"{'':24}{floor.rate:6.0f}/s  bare server    ratio {floor.rate / load.rate:.2f}")


def measure_one_launch(folder: Path, reporters: int, items: int) -> None:
    """Measure one launch with very many items, from parallel connections."""
    with server(COMMAND, "emulator", "--port", "0", "--database", str(folder / "large.db")) as one:
        key, rp, _, _ = clients(one)
        launch = start_launch(key, rp, "large")
        share = items // reporters
        url, token = one.announced["url"], one.announced["api_key"]
        load = in_parallel([Share(url, token, rp, launch, n * share, share) for n in range(reporters)])
        key, rp, session, native = clients(one)  # new connections: the first ones have been idle for too long
        took = timed(lambda: key.call("PUT", f"{rp}/launch/{launch}/finish", {"endTime": NOON + 10}))
        check(session, native, launch, share * reporters)
        print_load(f"one launch, {share * reporters} items", load, one)
        print(f"{'':24}finish {took * 1000:.0f} ms")


def clients(one: Server) -> tuple[Client, str, Client, str]:
    """Return client and path for reporting (with the key), and both for reading (with the session)."""
    url, product = one.announced["url"], one.announced["product_id"]
    key, session = (Client(url, one.announced[name]) for name in ("api_key", "session_token"))
    return key, f"/api/receiver/api/v2/{product}", session, f"/api/receiver/api/v1/products/{product}"


def start_launch(client: Client, rp: str, uuid: str) -> str:
    """Start a launch. Return its id."""
    return str(client.call("POST", f"{rp}/launch", {"name": "Load", "startTime": NOON, "uuid": uuid})["id"])


def check(session: Client, native: str, launch: str, cases: int) -> None:
    """Read all items back. A lost or doubled item ends the program."""
    counts = session.call("GET", f"{native}/launches/{launch}")["statistics"]
    failed = -(-cases // 10)
    expected = {"total": cases, "failed": failed, "passed": cases - failed}
    names: set[str] = set()
    address: str | None = f"{native}/launches/{launch}/items?limit=1000"
    read = 0
    while address:
        page = session.call("GET", address)
        read += len(page["items"])
        names |= {item["name"] for item in page["items"]}
        following = page["next"] and urlsplit(page["next"])
        address = following and f"{following.path}?{following.query}"
    if not counts.items() >= expected.items() or not read == len(names) == cases:
        sys.exit(f"{launch}: expected {expected}, got {counts}, {read} items, {len(names)} names")


def timed(action: Callable[[], object]) -> float:
    """Return the seconds that an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def print_load(name: str, load: Load, one: Server) -> None:
    """Print one line of the table."""
    print(
        f"{name:24}{load.rate:6.0f}/s  {load.requests} requests in {load.seconds:.1f} s"
        f"    p50 {load.percentile(0.5):.1f} ms  p99 {load.percentile(0.99):.1f} ms"
        f"    peak {one.peak_mib:.0f} MiB    nothing lost"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reporters", type=int, default=16)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--items", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        measure_start(place)
        measure_reporters(place, arguments.reporters, arguments.cases)
        measure_one_launch(place, arguments.reporters, arguments.items)


if __name__ == "__main__":
    main()
