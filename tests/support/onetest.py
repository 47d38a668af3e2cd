"""A local OneTest as a process of its own, and reading back what it was told."""

import json
import subprocess
from typing import Any, Self

import httpx

from support.command import COMMAND, environment
from support.waiting import GIVE_UP, wait_for


class LocalOneTest:
    """An emulator process; everything is read back over HTTP with the session's token."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "emulator", "--port", "0", *options],
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        assert self.process.stdout
        announced = json.loads(self.process.stdout.readline())
        self.url: str = announced["url"]
        self.product_id: str = announced["product_id"]
        self.api_key: str = announced["api_key"]
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {announced['session_token']}"},
            trust_env=False,
            timeout=GIVE_UP,
        )
        self._native = f"{self.url}/api/receiver/api/v1/products/{self.product_id}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()
        self.process.terminate()
        self.process.wait(timeout=GIVE_UP)
        if self.process.stdout:
            self.process.stdout.close()

    @property
    def env(self) -> dict[str, str]:
        """What a pipeline would set."""
        return {
            "ONETEST_BASE_URL": self.url,
            "ONETEST_PRODUCT_ID": self.product_id,
            "ONETEST_API_KEY": self.api_key,
            # Outages are played by servers that never come back: to wait longer would change nothing.
            "ONETEST_WAIT_FOR_SERVICE": "2",
        }

    def launch(self, launch_id: str) -> dict[str, Any]:
        self._imported()
        return dict(self._get(f"{self._native}/launches/{launch_id}"))

    def launches(self) -> list[dict[str, Any]]:
        self._imported()
        return self._list(f"{self._native}/launches")

    def items(self, launch_id: str) -> list[dict[str, Any]]:
        self._imported()
        return self._list(f"{self._native}/launches/{launch_id}/items?limit=1000")

    def cases(self, launch_id: str) -> list[dict[str, Any]]:
        return [item for item in self.items(launch_id) if item["item_type"] != "SUITE"]

    def logs(self, item_id: object) -> list[dict[str, Any]]:
        return self._list(f"{self._native}/items/{item_id}/logs")

    def download(self, url: str) -> bytes:
        return self._client.get(url).raise_for_status().content

    def get(self, path: str) -> Any:
        self._imported()
        return self._get(f"{self.url}{path}")

    def new_product(self) -> str:
        """Create a product of its own for a test; returns its id."""
        return str(self.send("POST", "/api/membership/api/v1/products", {"name": "Of one test"})["id"])

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Make a call with the session's token."""
        return self._client.request(method, f"{self.url}{path}", json=body).raise_for_status().json()

    def all_of(self, path: str) -> list[dict[str, Any]]:
        """All entries of a list in pages."""
        return self._list(f"{self.url}{path}")

    def _imported(self) -> None:
        """Wait until no import is at work: it goes on after its answer."""
        jobs = f"{self._native}/import/jobs"
        wait_for(
            lambda: {job["status"] for job in self._get(jobs)["items"]},
            lambda statuses: not statuses & {"pending", "processing"},
        )

    def _get(self, url: str) -> Any:
        return self._client.get(url).raise_for_status().json()

    def _list(self, url: str | None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while url:
            page = self._get(url)
            found += page["items"]
            url = page["next"]
        return found
