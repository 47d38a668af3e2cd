"""Official clients, as the registries provide them. The tests read back everything that they report."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from emulator.clients.javascript import INSTALLED
from emulator.conftest import Running

Run = Callable[..., str]
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")


class ReadItem(NamedTuple):
    """An item that was read back.

    Attributes:
        path: the names from the root down to it.
        item: the item itself.
        logs: level and message of each of its logs.
        files: each attachment's name and content.
    """

    path: tuple[str, ...]
    item: dict[str, Any]
    logs: list[tuple[str, str]]
    files: dict[str, bytes]

    @property
    def summary(self) -> tuple[str, str, str | None]:
        """Type, status and code_ref."""
        return self.item["item_type"], self.item["status"], self.item["code_ref"]


class ReadBack(NamedTuple):
    """A launch and its items in the order of their start."""

    launch: dict[str, Any]
    items: list[ReadItem]

    @property
    def summaries(self) -> dict[tuple[str, ...], tuple[str, str, str | None]]:
        """The summary of each item by its path."""
        return {read_item.path: read_item.summary for read_item in self.items}

    def one(self, name: str) -> ReadItem:
        (found,) = [read_item for read_item in self.items if read_item.path[-1] == name]
        return found


@pytest.fixture
def read_back(session: httpx.Client, native: str) -> Callable[[], ReadBack]:
    def read() -> ReadBack:
        (launch,) = session.get(f"{native}/launches").json()["items"]
        items = session.get(f"{native}/launches/{launch['uuid']}/items?limit=1000").json()["items"]
        by_id = {item["id"]: item for item in items}

        def path(item: dict[str, Any]) -> tuple[str, ...]:
            above = path(by_id[item["parent_id"]]) if item["parent_id"] else ()
            return (*above, item["name"])

        read_items = []
        for item in items:
            logs = session.get(f"{native}/items/{item['id']}/logs?limit=1000").json()["items"]
            files = [log["attachment"] for log in logs if log["attachment"]]
            contents = {file["name"]: session.get(file["url"]).content for file in files}
            read_items.append(
                ReadItem(path(item), item, [(log["level"], log["message"]) for log in logs], contents)
            )
        return ReadBack(launch, read_items)

    return read


@pytest.fixture
def run(emulator: Running, tmp_path: Path) -> Run:
    """Run a client in a new directory, without this process's environment. Return its output."""

    def command(*arguments: str | Path, code: int = 0, **extra: str) -> str:
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        # By default, agents send usage data to their makers.
        environment |= {"AGENT_NO_ANALYTICS": "1", "RP_API_KEY": emulator.announced["api_key"]} | extra
        done = subprocess.run(
            [str(argument) for argument in arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    return command


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, str]], None]:
    def files(contents: dict[str, str]) -> None:
        for name, content in contents.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")

    return files


@pytest.fixture
def agent(emulator: Running, product: str, tmp_path: Path) -> dict[str, object]:
    """The configuration that ReportPortal's agents for JavaScript share."""
    (tmp_path / "node_modules").symlink_to(INSTALLED)
    return {
        "apiKey": emulator.announced["api_key"],
        "endpoint": f"{emulator.url}/api/receiver/api/v2",
        "project": product,
        "launch": "JavaScript launch",
        "attributes": [{"key": "branch", "value": "main"}, {"value": "nightly"}],
    }


def printed(output: str, **patterns: str) -> dict[str, int]:
    """Return the number that a runner printed last for each pattern; 0 if it printed none."""
    found = {status: re.findall(pattern, output) for status, pattern in patterns.items()}
    assert any(found.values()), output
    return {status: int(numbers[-1]) if numbers else 0 for status, numbers in found.items()}


def counted(read: ReadBack, kind: str = "STEP") -> dict[str, int]:
    """Return how many items of a type passed, failed and were skipped, without nested steps."""
    found = Counter(
        read_item.item["status"]
        for read_item in read.items
        if read_item.item["item_type"] == kind and read_item.item["has_stats"]
    )
    counts = {status: found.pop(status, 0) for status in ("passed", "failed", "skipped")}
    assert not found, "no item has another status"
    return counts


def tool(name: str) -> str:
    """Return the path of a program that is installed beside this interpreter."""
    return str(Path(sys.executable).with_name(name))
