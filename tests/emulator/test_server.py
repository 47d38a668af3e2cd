import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.waiting import GIVE_UP, wait_for

COMMAND = str(Path(sys.executable).with_name("onetest-ci"))
KEY = "ak_" + "A1" * 16
OTHER_KEY = "ak_" + "Z9" * 16


def test_a_new_database_is_announced_once_it_listens(start: Callable[..., Any], tmp_path: Path) -> None:
    running = start("--database", str(tmp_path / "o.db"))
    assert set(running.announced) == {"url", "product_id", "api_key", "session_token"}
    assert re.fullmatch(r"ak_[A-Z0-9]{32}", running.announced["api_key"])
    with running.client(running.announced["api_key"]) as api:
        base = f"/api/membership/api/v1/products/{running.product}"
        assert api.get(base).json()["name"] == "Demo product"
        (release,) = api.get(f"{base}/releases", params={"status": "active"}).json()["items"]
        (sprint,) = api.get(f"{base}/releases/{release['id']}/sprints").json()["items"]
        (environment,) = api.get(f"{base}/environments").json()["items"]
    assert sprint["status"] == "active"
    assert environment["is_default"] is True
    assert environment["endpoint_url"]


def test_an_existing_database_keeps_its_data_and_its_key(start: Callable[..., Any], tmp_path: Path) -> None:
    database = tmp_path / "o.db"
    first = start("--database", str(database))
    with first.client(first.announced["api_key"]) as api:
        path = f"/api/artifacts/api/v1/products/{first.product}/buckets/attachments/objects/kept.txt"
        assert api.put(path, content=b"kept").status_code == 200
    assert first.stop() == (0, "")

    second = start("--database", str(database))
    assert second.announced["api_key"] is None
    assert second.product == first.product
    assert second.announced["session_token"] != first.announced["session_token"]
    with second.client(first.announced["api_key"]) as api:
        assert api.get(path).content == b"kept"
    with second.client(first.announced["session_token"]) as old_session:
        assert old_session.get(f"/api/membership/api/v1/products/{first.product}").status_code == 401


def test_confirmed_data_survive_a_killed_process(start: Callable[..., Any], tmp_path: Path) -> None:
    options = ("--database", str(tmp_path / "o.db"))
    first = start(*options)
    with first.client(first.announced["api_key"]) as api:
        rp = f"/api/receiver/api/v2/{first.product}"
        launch = api.post(f"{rp}/launch", json={"name": "Killed", "startTime": 1000}).json()["id"]
        for number in range(50):
            body = {"name": f"test {number}", "type": "STEP", "startTime": 1000, "launchUuid": launch}
            assert api.post(f"{rp}/item", json=body).status_code == 201
    first.kill()

    second = start(*options)
    with second.client(second.announced["session_token"]) as session:
        base = f"/api/receiver/api/v1/products/{second.product}/launches/{launch}"
        assert session.get(base).json()["status"] == "in_progress"
        names = [item["name"] for item in session.get(f"{base}/items").json()["items"]]
    assert names == [f"test {number}" for number in range(50)]


def test_an_import_that_a_kill_interrupted_is_failed_at_the_next_start(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    database = tmp_path / "o.db"
    first = start("--database", str(database))
    with first.client(first.announced["api_key"]) as api:
        response = api.post(
            f"/api/v1/products/{first.product}/import/junit",
            files={"file": ("r.xml", b"<testsuite><testcase name='t'/></testsuite>")},
        ).json()
        job = f"/api/receiver/api/v1/products/{first.product}/import/jobs/{response['job_id']}"
        wait_for(lambda: api.get(job).json()["status"], lambda status: status == "completed")
    first.stop()
    # The state after a kill: the job and its launch are still open.
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE import_jobs SET status = 'processing'")
        connection.execute("UPDATE launches SET status = 'in_progress', statistics = NULL")
    connection.close()

    second = start("--database", str(database))
    with second.client(second.announced["session_token"]) as session:
        base = f"/api/receiver/api/v1/products/{second.product}"
        assert session.get(f"{base}/import/jobs/{response['job_id']}").json()["status"] == "failed"
        assert session.get(f"{base}/launches/{response['launch_id']}").json()["status"] == "interrupted"


def test_a_fixed_key_is_accepted_and_shown_only_the_first_time(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    key_file = tmp_path / "key"
    key_file.write_text(KEY + "\n")
    options = ("--database", str(tmp_path / "o.db"), "--api-key-file", str(key_file))
    first = start(*options)
    assert first.announced["api_key"] == KEY
    first.stop()
    second = start(*options)
    assert second.announced["api_key"] is None
    with second.client(KEY) as api:
        assert api.get("/api/gateway/api/v1/tools").status_code == 200
    second.stop()

    key_file.write_text(OTHER_KEY)
    third = start(*options)
    assert third.announced["api_key"] == OTHER_KEY
    for key in (KEY, OTHER_KEY):
        with third.client(key) as api:
            assert api.get("/api/gateway/api/v1/tools").status_code == 200


def test_a_stop_signal_is_a_clean_end(start: Callable[..., Any]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        running = start()
        running.process.send_signal(number)
        _, errors = running.process.communicate(timeout=GIVE_UP)
        assert (running.process.returncode, errors) == (0, "")


def test_without_a_database_no_file_is_left_behind(
    start: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    running = start()
    assert list(tmp_path.iterdir())
    running.stop()
    assert not list(tmp_path.iterdir())


def test_the_variables_of_a_new_database_are_in_a_private_file(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    variables = tmp_path / "onetest.env"
    options = ("--database", str(tmp_path / "o.db"), "--env-file", str(variables))
    running = start(*options)
    names = {"ONETEST_BASE_URL": "url", "ONETEST_PRODUCT_ID": "product_id", "ONETEST_API_KEY": "api_key"}
    shown = subprocess.run(["sh", "-c", f". {variables}; env"], capture_output=True, text=True, check=True)
    for name, member in names.items():
        assert f"{name}={running.announced[member]}\n" in shown.stdout
    assert stat.S_IMODE(variables.stat().st_mode) == 0o600
    running.stop()
    # The next start cannot show the key. The file that contains it stays.
    written = variables.read_text()
    _, errors = start(*options).stop()
    assert f"{variables} is unchanged" in errors
    assert variables.read_text() == written


def refused(*options: str) -> tuple[int, str]:
    done = subprocess.run(
        [COMMAND, "emulator", "--port", "0", *options],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=GIVE_UP,
        check=False,
    )
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_an_address_in_use_is_one_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, errors = refused("--port", str(taken.getsockname()[1]))
    assert code == 2
    assert "address-in-use" in errors
    assert "--port 0" in errors


@pytest.mark.parametrize(("version", "error"), [(999, "database-newer"), (1, "database-older")])
def test_a_database_of_another_version_is_refused_and_unchanged(
    start: Callable[..., Any], tmp_path: Path, version: int, error: str
) -> None:
    database = tmp_path / "o.db"
    start("--database", str(database)).stop()
    with sqlite3.connect(database) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    before = database.read_bytes()
    code, errors = refused("--database", str(database))
    assert code == 2
    assert error in errors
    assert f"schema {version};" in errors
    assert database.read_bytes() == before


def test_a_file_that_is_not_an_emulators_database_is_refused_and_unchanged(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("These are notes, and no database at all.\n" * 100)
    assert "database-unusable" in refused("--database", str(text))[1]
    assert text.read_text().startswith("These are notes")

    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE mine (a)")
    connection.close()
    assert "database-foreign" in refused("--database", str(foreign))[1]

    missing = tmp_path / "no" / "such" / "folder.db"
    assert "database-unusable" in refused("--database", str(missing))[1]
    code, errors = refused("--env-file", str(missing))
    assert (code, "'--env-file'" in errors) == (2, True)


def test_a_key_file_without_a_key_is_refused_and_not_repeated(tmp_path: Path) -> None:
    key_file = tmp_path / "key"
    key_file.write_text("ak_tooshortbutsecret")
    code, errors = refused("--api-key-file", str(key_file))
    assert code == 2
    assert "api-key-malformed" in errors
    assert "tooshortbutsecret" not in errors
