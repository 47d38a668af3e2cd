"""A product of its own at the local OneTest, and ``cases sync`` with a proxy in between."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from support.command import COMMAND, environment, run
from support.onetest import LocalOneTest
from support.proxy import Proxy, Request

TESTS = "/api/test-management/api/v1"


def report_of(names: Iterable[str], failed: Iterable[str] = ()) -> str:
    """A JUnit report; each test's code_ref is ``shop.py:TestShop.NAME``."""
    red = set(failed)
    rows = "".join(
        f"<testcase classname='shop.TestShop' file='shop.py' name='{name}'>"
        f"{'<failure/>' if name in red else ''}</testcase>"
        for name in names
    )
    return f"<testsuite name='s'>{rows}</testsuite>"


def code_ref(name: str) -> str:
    return f"shop.py:TestShop.{name}"


class CasesProject:
    """A directory with a report, a product and its test cases.

    Attributes:
        place: the directory.
        proxy: everything goes through it.
    """

    def __init__(self, place: Path, onetest: LocalOneTest, proxy: Proxy) -> None:
        self.place, self.proxy, self.onetest = place, proxy, onetest
        self.product_id = onetest.new_product()
        self._process: subprocess.Popen[str] | None = None

    @property
    def env(self) -> dict[str, str]:
        own = {"ONETEST_BASE_URL": self.proxy.url, "ONETEST_PRODUCT_ID": self.product_id}
        return self.onetest.env | own | {"XDG_STATE_HOME": str(self.place / "state")}

    def write(self, *names: str, failed: Iterable[str] = ()) -> None:
        (self.place / "report.xml").write_text(report_of(names, failed), encoding="utf-8")

    def sync(self, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
        return run("cases", "sync", "report.xml", *options, cwd=self.place, env=self.env | env)

    def synced(self, *options: str, code: int = 0) -> dict[str, Any]:
        """The JSON document of a run."""
        done = self.sync("--format", "json", *options)
        assert done.returncode == code, done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        assert document["exit_code"] == code
        return document

    def start(self, *options: str) -> subprocess.Popen[str]:
        """A run in the background."""
        self._process = subprocess.Popen(
            [COMMAND, "cases", "sync", "report.xml", *options],
            cwd=self.place,
            env=environment(self.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        return self._process

    def kill(self) -> None:
        """End the run in the background as nothing can prepare for."""
        assert self._process is not None
        self._process.kill()

    @property
    def _cases(self) -> str:
        return f"{TESTS}/products/{self.product_id}/test-cases"

    def add(self, title: str, **fields: str) -> str:
        """Create a test case; returns its id."""
        return str(self.onetest.send("POST", self._cases, {"title": title, **fields})["id"])

    def delete(self, case_id: str) -> None:
        self.onetest.send("DELETE", f"{TESTS}/test-cases/{case_id}")

    def cases(self) -> list[dict[str, Any]]:
        return self.onetest.all_of(f"{self._cases}?limit=1000")

    def versions(self, case_id: str) -> list[dict[str, Any]]:
        return self.onetest.all_of(f"{TESTS}/test-cases/{case_id}/versions")

    def coverage(self) -> dict[str, Any]:
        return dict(self.onetest.get(f"{self._cases}/automation-coverage?no_cache=true"))

    def references(self) -> Counter[str]:
        """How many test cases have each reference."""
        return Counter(case["automation_test_id"] or "" for case in self.cases())

    @property
    def requests(self) -> list[str]:
        """Method and last part of the path of each request, without its query."""
        return [f"{one.method} {_last(one)}" for one in self.proxy.requests]


def _last(request: Request) -> str:
    last = request.path.partition("?")[0].rpartition("/")[2]
    return last if last == "test-cases" else "ID"
