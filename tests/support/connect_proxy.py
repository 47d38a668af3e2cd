"""A forward proxy on loopback: opens tunnels by CONNECT, asks for a password if told to, and remembers."""

import socket
import ssl
import threading
from contextlib import suppress
from typing import Self

from support.proxy import Stream

_PATIENCE = 60.0


class ConnectProxy:
    """Listens on loopback.

    Args:
        credentials: value that Proxy-Authorization must have, empty for an open proxy.
        tls: when it speaks TLS itself.

    Attributes:
        port: where it listens.
        heads: requests for a tunnel, as sent.
        tunnelled: all that clients sent through tunnels.
    """

    def __init__(self, credentials: str = "", tls: ssl.SSLContext | None = None) -> None:
        self.heads: list[bytes] = []
        self.tunnelled = bytearray()
        self._credentials = credentials
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.settimeout(_PATIENCE)
            self._threads.append(threading.Thread(target=self._serve, args=(client,)))
            self._threads[-1].start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            if self._tls is None:
                self._open(client)
            else:
                with self._tls.wrap_socket(client, server_side=True) as secured:
                    self._open(secured)

    def _open(self, client: socket.socket) -> None:
        head = Stream(client).until(b"\r\n\r\n")
        self.heads.append(head)
        if self._credentials and f"Proxy-Authorization: {self._credentials}".encode() not in head:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        host, _, port = head.split(b" ")[1].decode().rpartition(":")
        with socket.create_connection((host, int(port)), timeout=_PATIENCE) as target:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._pump, args=(target, client))
            back.start()
            self._pump(client, target, self.tunnelled)
            back.join()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket, seen: bytearray | None = None) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if seen is not None:
                    seen += data
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
