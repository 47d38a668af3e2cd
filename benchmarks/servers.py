"""The server that the benchmarks of delivery send to, and the leanest client for it; each is its own process.

    python benchmarks/servers.py serve [--delay MS] [--certificate PEM --key PEM]
    python benchmarks/servers.py floor PORT CONNECTIONS TESTS AUTHORITY

``serve`` accepts every request as OneTest's Receiver would and sends each response after the delay. It prints
its port and ends when its standard input does. ``floor`` sends the two requests of each test over TLS with
fixed bytes; it shows how much the server and the delay allow.
"""

import argparse
import asyncio
import json
import re
import ssl
import sys
import uuid
from functools import partial
from typing import ClassVar, Final, cast

HEAD_END: Final = b"\r\n\r\n"
LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
START_BODY: Final = b"x" * 420
FINISH_BODY: Final = b"x" * 120
"""As long as ``push`` sends for one test, about."""


class Receiver(asyncio.Protocol):
    """Responds as the Receiver would; keeps only how many items were started and finished.

    Args:
        delay: seconds before each response.
    """

    counts: ClassVar = {"started": 0, "finished": 0}

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)
        self._loop = asyncio.get_running_loop()

    def data_received(self, data: bytes) -> None:
        """Respond to each complete request."""
        self._received += data
        while (end := self._received.find(HEAD_END)) >= 0:
            head = bytes(self._received[:end])
            length = LENGTH.search(head)
            start = end + len(HEAD_END)
            stop = start + (int(length[1]) if length else 0)
            if len(self._received) < stop:
                return
            body = bytes(self._received[start:stop])
            del self._received[:stop]
            content = json.dumps(self._respond(head.split(b"\r\n", 1)[0].lower(), body)).encode()
            response = (
                b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(content), content)
            )
            if self._delay:
                self._loop.call_later(self._delay, self._transport.write, response)
            else:
                self._transport.write(response)

    def _respond(self, request: bytes, body: bytes) -> dict[str, object]:
        """Return the response's JSON."""
        if request.startswith(b"get /counts"):
            return {**self.counts}
        if b"/log" in request:
            return {"responses": [{"id": "1"}] * body.count(b'"message"')}
        if b"/item" in request:
            self.counts["finished" if request.startswith(b"put") else "started"] += 1
        if request.startswith(b"put"):
            return {"message": "finished"}
        try:
            sent = json.loads(body)
        except ValueError:
            sent = {}
        return {"id": sent.get("uuid") or str(uuid.uuid4()), "number": 1}


async def serve(delay: float, tls: ssl.SSLContext | None) -> None:
    """Listen until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(Receiver, delay), "127.0.0.1", 0, ssl=tls, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


async def floor(port: int, connections: int, tests: int, authority: str) -> None:
    """Send the requests of the tests over that many connections, as fast as the server responds."""
    tls = ssl.create_default_context(cafile=authority)
    waiting = iter(range(tests))

    async def send() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls)
        for _ in waiting:
            for method, body in ((b"POST", START_BODY), (b"PUT", FINISH_BODY)):
                writer.write(
                    b"%b /api/v2/product/item HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%b"
                    % (method, len(body), body)
                )
                length = LENGTH.search(await reader.readuntil(HEAD_END))
                await reader.readexactly(int(length[1]) if length else 0)
        writer.close()

    await asyncio.gather(*(send() for _ in range(connections)))


def main() -> None:
    """Run the server or the floor."""
    parser = argparse.ArgumentParser(description="The server and the leanest client of the benchmarks.")
    kinds = parser.add_subparsers(dest="kind", required=True)
    server = kinds.add_parser("serve")
    server.add_argument("--delay", type=int, default=0)
    server.add_argument("--certificate")
    server.add_argument("--key")
    client = kinds.add_parser("floor")
    for name in ("port", "connections", "tests"):
        client.add_argument(name, type=int)
    client.add_argument("authority")
    options = parser.parse_args()
    if options.kind == "floor":
        asyncio.run(floor(options.port, options.connections, options.tests, options.authority))
        return
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.key)
    asyncio.run(serve(options.delay / 1000, tls))


if __name__ == "__main__":
    main()
