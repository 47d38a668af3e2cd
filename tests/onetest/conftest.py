"""Scripted servers for failures. Successful calls are tested with the emulator (fixture ``onetest``)."""

from collections.abc import Iterator

import pytest

from onetest.scripted_server import Connections, Server


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def other_server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def connect() -> Iterator[Connections]:
    connect = Connections()
    yield connect
    connect.close()
