"""Servers for unhappy answers; for happy paths there is the emulator as a process (fixture ``onetest``)."""

from collections.abc import Iterator

import pytest

from onetest.wire import Server, Wire


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
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()
