"""Another program has locked the database: requests are refused until it has finished."""

import asyncio
import http.client
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from emulator.conftest import NOON, Running
from onetest_ci.emulator.receiver import logs
from support.waiting import GIVE_UP, wait_for


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "o.db"


@pytest.fixture
def running(start: Callable[..., Running], database: Path) -> Running:
    return start("--database", str(database))


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("token", ["api_key", "session_token"])
def test_a_locked_database_is_a_503_and_the_connection_stays_open(
    running: Running, database: Path, token: str
) -> None:
    rp = f"/api/receiver/api/v2/{running.product}"
    headers = {"authorization": f"Bearer {running.announced[token]}", "content-type": "application/json"}
    with closing(http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=GIVE_UP)) as connection:

        def send(method: str, path: str, body: object) -> tuple[int, str | None, bytes]:
            connection.request(method, path, json.dumps(body), headers)
            response = connection.getresponse()
            return response.status, response.headers["retry-after"], response.read()

        launch = {"name": "L", "startTime": NOON, "uuid": "l", "description": "x" * 300_000}
        assert send("POST", f"{rp}/launch", {"name": "first", "startTime": NOON})[0] == 201
        socket = connection.sock
        with locked(database):
            for path, body in (
                (f"{rp}/launch", launch),
                (f"/api/membership/api/v1/products/{running.product}/releases", {"name": "R"}),
            ):
                status, retry_after, text = send("POST", path, body)
                assert (status, retry_after) == (503, "1"), path
                assert b"locked" in text
        assert send("POST", f"{rp}/launch", launch)[0] == 201
        item = {"name": "I", "startTime": NOON, "type": "STEP", "launchUuid": "l"}
        assert send("POST", f"{rp}/item", item)[0] == 201
        assert connection.sock is socket, "the connection was kept"
    assert running.stop() == (0, "")


def test_a_session_can_read_a_locked_database(running: Running, database: Path) -> None:
    with running.client(running.announced["session_token"]) as session, locked(database):
        assert session.get(f"/api/receiver/api/v1/products/{running.product}/launches").status_code == 200


def test_a_page_shows_that_the_database_is_locked(running: Running, database: Path) -> None:
    with running.client(None) as person:
        person.headers["origin"] = running.url
        person.get(running.sign_in_url)
        with locked(database):
            response = person.post(f"/products/{running.product}/keys", data={"name": "Key"})
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert "locked by another program" in response.text


def test_an_import_waits_for_the_lock(running: Running, database: Path) -> None:
    cases = "".join(f"<testcase name='t{number}'/>" for number in range(20_000))
    report = {"file": ("r.xml", f"<testsuite>{cases}</testsuite>".encode())}
    with running.client(running.announced["session_token"]) as session:
        job = session.post(f"/api/v1/products/{running.product}/import/junit", files=report).json()
        with locked(database):
            # The server waits for the lock before it refuses this. By then the import has met the lock too.
            assert refused(session, running).status_code == 503
        address = f"/api/receiver/api/v1/products/{running.product}/import/jobs/{job['job_id']}"
        ended = wait_for(
            lambda: session.get(address).json(), lambda shown: shown["status"] in {"completed", "failed"}
        )
        assert (ended["status"], ended["counters"]["successful"]) == ("completed", 20_000)
    assert running.stop() == (0, "")


def refused(session: httpx.Client, running: Running) -> httpx.Response:
    return session.post(f"/api/membership/api/v1/products/{running.product}/releases", json={"name": "R"})


class LockedAfterOneEntry:
    """A store that another program locks after the first saved log entry."""

    def __init__(self) -> None:
        self.saved = 0

    def row(self, *_query: object) -> dict[str, int]:
        return {"id": 1}

    def insert(self, *_values: object) -> int:
        if self.saved:
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        self.saved += 1
        return self.saved


def test_only_those_entries_of_a_batch_that_meet_the_lock_are_refused() -> None:
    async def entries() -> list[dict[str, Any]]:
        return [{"launchUuid": "l", "time": NOON, "message": str(number)} for number in range(2)]

    store = LockedAfterOneEntry()
    request = SimpleNamespace(headers={"content-type": "application/json"})
    call: Any = SimpleNamespace(request=request, json=entries, store=store, product="p")
    response = asyncio.run(logs.save(call))
    first, second = json.loads(bytes(response.body))["responses"]
    assert first == {"id": "1"}
    assert "locked" in second["message"]
    with pytest.raises(sqlite3.OperationalError):
        asyncio.run(logs.save(call))
