"""Coins, the hourly limit, and the log of what was metered (docs/onetest-api.md#coins-and-limits).

Calls with a key are metered, sessions are free. OneTest's sources disagree on the price, so both readings are
here (docs/onetest-api.md#coins-and-limits): ``call``, where every call costs one coin, and ``run``, where
reading and reporting are free and a finished launch or import costs 1 coin and 1 more per 100 tests. Coins
are always counted; a budget or an hourly limit refuses with 429 only where the server was started with one.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from onetest_ci.emulator.credentials import Caller
from onetest_ci.emulator.errors import ApiError, exhausted
from onetest_ci.emulator.store import Store

EVENTS = ("rest_api_read", "rest_api_write", "file_upload", "test_ingestion", "junit_import")
BY_CALL, BY_RUN = "call", "run"

_SECOND = 1_000_000
_HOUR = 3600 * _SECOND
_WEEK = 7 * 24 * _HOUR
_TESTS_PER_COIN = 100
_OPERATION = 200
# Rows of the activity log that are kept, and how many more may gather before the oldest go.
_KEPT = 50_000
_SLACK = 1_000

# Method, path, event, and whether it begins something that costs at its end. The first that fits counts.
_WRITES = ("POST", "PUT", "PATCH", "DELETE")
_RULES = tuple(
    (methods, re.compile(path), event, begins)
    for methods, path, event, begins in (
        (("POST",), r"/api/receiver/api/v2/[^/]+/launch/?$", "test_ingestion", True),
        (_WRITES, r"/api/receiver/api/v[12]/[^/]+/(launch|item|log)(/|$)", "test_ingestion", False),
        (("POST",), r"/import/junit(/upload)?$", "junit_import", True),
        (("POST", "PUT"), r"^/api/artifacts/.*/objects(/|$)", "file_upload", False),
        (_WRITES, "", "rest_api_write", False),
        (("GET", "HEAD", "OPTIONS"), "", "rest_api_read", False),
    )
)
_COSTS_BY_RUN = {"rest_api_write": 1, "file_upload": 1}


class Limits(NamedTuple):
    """What is enforced.

    Attributes:
        budget: coins per product and week; ``None`` refuses nothing.
        overage: whether calls go on beyond the budget.
        hourly: requests per product and hour; 0 is no limit.
        metering: ``call`` or ``run``.
    """

    budget: int | None = None
    overage: bool = False
    hourly: int = 0
    metering: str = BY_CALL


class MeteredCall(NamedTuple):
    """One call that was let through."""

    product_id: str
    key_id: int
    event: str
    coins: int
    operation: str
    service: str


class Meter:
    """Counts, refuses and remembers.

    Args:
        store: the database.
        clock: microseconds since 1970.
        limits: what is enforced.
    """

    def __init__(self, store: Store, clock: Callable[[], int], limits: Limits) -> None:
        self._store = store
        self._clock = clock
        self.limits = limits
        self._hours: dict[str, tuple[int, int]] = {}
        self._created: dict[str, int] = {}
        self._rows = 0

    def admit(self, product_id: str, caller: Caller, method: str, path: str) -> MeteredCall:
        """Let one call through and count its coins.

        Raises:
            ApiError: 429, the hour's requests or the week's coins are used up. A refused call costs nothing.
        """
        event, begins = _classify(method, path)
        coins = 1 if self.limits.metering == BY_CALL else _COSTS_BY_RUN.get(event, 0)
        self._check_hour(product_id)
        if coins or begins:
            self._check_budget(product_id)
        self._count(product_id, event, coins)
        return MeteredCall(
            product_id, caller.key_id, event, coins, f"{method} {path}"[:_OPERATION], _service(path)
        )

    def log(self, metered: MeteredCall, status: int) -> None:
        """Remember a call and how it was answered."""
        self._store.insert(
            "activity",
            metered._asdict() | {"status": status, "time": self._clock()},
        )
        self._rows += 1
        if self._rows >= _SLACK:
            self._rows = 0
            self._store.run("DELETE FROM activity WHERE id <= (SELECT max(id) FROM activity) - ?", _KEPT)

    def charge_ingestion(self, product_id: str, key_id: int, event: str, tests: int) -> None:
        """A key's launch or import ended; by run, this is what costs, beyond the budget if need be."""
        if self.limits.metering == BY_RUN and key_id:
            coins = 1 + -(-tests // _TESTS_PER_COIN)
            self._count(product_id, event, coins, calls=0)
            self.log(MeteredCall(product_id, key_id, event, coins, f"{tests} tests", "receiver"), 200)

    def usage(self, product_id: str) -> dict[str, Any]:
        """Coins of the current week, by event; and of the twelve weeks before."""
        start = self._window(product_id)
        rows = self._store.rows(
            "SELECT window_start, event, coins, calls FROM usage WHERE product_id = ? AND window_start > ?"
            " ORDER BY window_start DESC, coins DESC",
            product_id,
            start - 13 * _WEEK,
        )
        weeks: dict[int, int] = {}
        for row in rows:
            weeks[row["window_start"]] = weeks.get(row["window_start"], 0) + row["coins"]
        used = weeks.pop(start, 0)
        budget = self.limits.budget
        return {
            "coins_used": used,
            "budget": budget,
            "coins_remaining": None if budget is None else max(budget - used, 0),
            "overage": "allow" if self.limits.overage else "block",
            "hourly_limit": self.limits.hourly,
            "metering": self.limits.metering,
            "window_start": start,
            "window_end": start + _WEEK,
            "by_event": [
                {"event": row["event"], "calls": row["calls"], "coins": row["coins"]}
                for row in rows
                if row["window_start"] == start
            ],
            "weeks": [{"window_start": week, "coins": coins} for week, coins in weeks.items()],
        }

    def _check_hour(self, product_id: str) -> None:
        if not self.limits.hourly:
            return
        now = self._clock()
        start, requests = self._hours.get(product_id, (now, 0))
        if now - start >= _HOUR:
            start, requests = now, 0
        if requests >= self.limits.hourly:
            raise _later(f"Rate limit of {self.limits.hourly} requests per hour reached", start + _HOUR - now)
        self._hours[product_id] = (start, requests + 1)

    def _check_budget(self, product_id: str) -> None:
        if self.limits.budget is None or self.limits.overage:
            return
        start = self._window(product_id)
        used = self._store.value(
            "SELECT sum(coins) FROM usage WHERE product_id = ? AND window_start = ?", product_id, start
        )
        if (used or 0) >= self.limits.budget:
            text = f"Coin budget exhausted: {used or 0} of {self.limits.budget} coins of this week are used"
            raise _later(text, start + _WEEK - self._clock())

    def _count(self, product_id: str, event: str, coins: int, calls: int = 1) -> None:
        self._store.run(
            "INSERT INTO usage (product_id, window_start, event, coins, calls) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET coins = coins + excluded.coins, calls = calls + excluded.calls",
            product_id,
            self._window(product_id),
            event,
            coins,
            calls,
        )

    def _window(self, product_id: str) -> int:
        """When the current week began; weeks count from the product's creation.

        See docs/onetest-api.md#coins-and-limits.
        """
        created = self._created.get(product_id)
        if created is None:
            created = self._store.value("SELECT created_at FROM products WHERE id = ?", product_id)
            self._created[product_id] = created
        return created + (self._clock() - created) // _WEEK * _WEEK


def _classify(method: str, path: str) -> tuple[str, bool]:
    for methods, pattern, event, begins in _RULES:
        if method in methods and pattern.search(path):
            return event, begins
    return "rest_api_write", False


def _service(path: str) -> str:
    """The service whose prefix the path has; the import's documented path has none.

    See docs/onetest-api.md#paths-of-the-import.
    """
    name = path.split("/")[2]
    return "receiver" if name == "v1" else name[:50]


def _later(text: str, microseconds: int) -> ApiError:
    return exhausted(text, -(-microseconds // _SECOND))
