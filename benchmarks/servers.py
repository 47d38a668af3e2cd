"""Servers that the benchmarks of delivery need, as processes of their own.

    python benchmarks/servers.py bare            the least that a OneTest can be: it takes whatever is sent
    python benchmarks/servers.py relay PORT MS   a network in between: answers come so many milliseconds later

Each prints the port that it listens on, and ends when its standard input does: with whoever started it.
"""

import asyncio
import json
import sys
import uuid
from functools import partial
from typing import ClassVar, Final, cast

HEAD_END: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"


class Bare(asyncio.Protocol):
    """Answers as the Receiver would, and keeps no more than how many items it was told of."""

    taken: ClassVar = {"started": 0, "finished": 0}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with nothing read."""
        self.transport = cast("asyncio.Transport", transport)
        self.read = bytearray()

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole."""
        self.read += data
        while (end := self.read.find(HEAD_END)) >= 0:
            head = bytes(self.read[:end]).lower()
            at = head.find(LENGTH)
            length = int(head[at + len(LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            whole = end + len(HEAD_END) + length
            if len(self.read) < whole:
                return
            body = bytes(self.read[end + len(HEAD_END) : whole])
            del self.read[:whole]
            answer = json.dumps(self.reply(head.split(b"\r\n", 1)[0], body)).encode()
            self.transport.write(
                b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(answer), answer)
            )

    def reply(self, request: bytes, body: bytes) -> dict[str, object]:
        """What to answer."""
        if request.startswith(b"get /taken"):
            return {**self.taken}
        if b"/log" in request:
            return {"responses": [{"id": "1"}] * body.count(b'"message"')}
        if b"/item" in request:
            self.taken["finished" if request.startswith(b"put") else "started"] += 1
        if request.startswith(b"put"):
            return {"message": "finished"}
        try:
            told = json.loads(body)
        except ValueError:
            told = {}
        return {"id": told.get("uuid") or str(uuid.uuid4()), "number": 1}


async def relay(
    port: int, seconds: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Pass one connection on; what comes back waits first, and does not keep what follows waiting longer."""
    loop = asyncio.get_running_loop()
    upstream, out = await asyncio.open_connection("127.0.0.1", port)

    async def there() -> None:
        while data := await reader.read(65536):
            out.write(data)
            await out.drain()
        out.close()

    async def back() -> None:
        while data := await upstream.read(65536):
            loop.call_later(seconds, writer.write, data)
        loop.call_later(seconds, writer.close)

    await asyncio.gather(there(), back(), return_exceptions=True)


async def main() -> None:
    """Listen until the process is ended."""
    loop = asyncio.get_running_loop()
    if sys.argv[1] == "bare":
        server = await loop.create_server(Bare, "127.0.0.1", 0)
    else:
        port, milliseconds = map(int, sys.argv[2:])
        server = await asyncio.start_server(partial(relay, port, milliseconds / 1000), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
