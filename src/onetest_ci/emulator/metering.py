"""Coins, the hourly limit, and the log of metered calls (docs/onetest-api.md#coins-and-limits).

Calls with a key are metered, sessions are free. OneTest's sources disagree on the price, so there are two
kinds of metering:

- ``call``: every call costs one coin.
- ``run``: reading and reporting are free; any other write costs one coin, and a finished launch or import 1
  coin and 1 more per 100 tests.

Coins are always counted. A call is refused (429) only if the server was started with a budget or a limit.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from onetest_ci.emulator import times
from onetest_ci.emulator.credentials import Caller
from onetest_ci.emulator.errors import ApiError, exhausted
from onetest_ci.emulator.store import Store

EVENTS = ("rest_api_read", "rest_api_write", "file_upload", "test_ingestion", "junit_import")
BY_CALL, BY_RUN = "call", "run"

_TESTS_PER_COIN = 100
_MAX_OPERATION = 200
# Rows that the activity log keeps, and how many calls are logged between two clean-ups.
_KEPT = 50_000
_CLEAN_UP_EVERY = 1_000


class _Operation(NamedTuple):
    """A kind of calls; ``starts_run`` if the call starts a launch or an import, which costs at its end."""

    methods: tuple[str, ...]
    path: re.Pattern[str]
    event: str
    starts_run: bool = False


_WRITES = ("POST", "PUT", "PATCH", "DELETE")
# The first match counts.
_OPERATIONS = (
    _Operation(
        ("POST",), re.compile(r"/api/receiver/api/v2/[^/]+/launch/?$"), "test_ingestion", starts_run=True
    ),
    _Operation(
        _WRITES, re.compile(r"/api/receiver/api/v[12]/[^/]+/(launch|item|log)(/|$)"), "test_ingestion"
    ),
    _Operation(("POST",), re.compile(r"/import/junit(/upload)?$"), "junit_import", starts_run=True),
    _Operation(("POST", "PUT"), re.compile(r"^/api/artifacts/.*/objects(/|$)"), "file_upload"),
    _Operation(("GET", "HEAD", "OPTIONS"), re.compile(""), "rest_api_read"),
)
_OTHER = _Operation((), re.compile(""), "rest_api_write")
_COSTS_BY_RUN = {"rest_api_write": 1, "file_upload": 1}


class Limits(NamedTuple):
    """The limits of a product.

    Attributes:
        budget: coins per week; ``None`` if unlimited.
        overage: whether calls beyond the budget are allowed.
        hourly: requests per hour; 0 if unlimited.
        metering: ``call`` or ``run``.
    """

    budget: int | None = None
    overage: bool = False
    hourly: int = 0
    metering: str = BY_CALL


class MeteredCall(NamedTuple):
    """A call that was admitted."""

    product_id: str
    key_id: int
    event: str
    coins: int
    operation: str
    service: str


class Meter:
    """Counts coins, enforces the limits and writes the activity log.

    Args:
        store: the database.
        clock: microseconds since 1970.
        limits: the limits of each product.
    """

    def __init__(self, store: Store, clock: Callable[[], int], limits: Limits) -> None:
        self._store = store
        self._clock = clock
        self.limits = limits
        self._hours: dict[str, tuple[int, int]] = {}
        self._created: dict[str, int] = {}
        self._logged = 0

    def admit(self, product_id: str, caller: Caller, method: str, path: str) -> MeteredCall:
        """Admit a call and count its coins.

        Raises:
            ApiError: 429, the hour's requests or the week's coins are used up. A refused call costs nothing.
        """
        operation = _classify(method, path)
        coins = 1 if self.limits.metering == BY_CALL else _COSTS_BY_RUN.get(operation.event, 0)
        self._check_hour(product_id)
        if coins or operation.starts_run:
            self._check_budget(product_id)
        self._count(product_id, operation.event, coins)
        return MeteredCall(
            product_id,
            caller.key_id,
            operation.event,
            coins,
            f"{method} {path}"[:_MAX_OPERATION],
            _service(path),
        )

    def log(self, metered: MeteredCall, status: int) -> None:
        """Write a call and the status of its response to the activity log."""
        self._store.insert("activity", metered._asdict() | {"status": status, "time": self._clock()})
        self._logged += 1
        if self._logged % _CLEAN_UP_EVERY == 0:
            self._store.run("DELETE FROM activity WHERE id <= (SELECT max(id) FROM activity) - ?", _KEPT)

    def charge_ingestion(self, product_id: str, key_id: int, event: str, tests: int) -> None:
        """Count the coins of a finished launch or import, even beyond the budget.

        It costs nothing if metering is by call, or if a session reported it (``key_id`` is 0).
        """
        if self.limits.metering == BY_RUN and key_id:
            coins = 1 + -(-tests // _TESTS_PER_COIN)
            self._count(product_id, event, coins, calls=0)
            self.log(MeteredCall(product_id, key_id, event, coins, f"{tests} tests", "receiver"), 200)

    def usage(self, product_id: str) -> dict[str, Any]:
        """Return the coins of the current week by event, and of the twelve weeks before."""
        start = self._window(product_id)
        rows = self._store.rows(
            "SELECT window_start, event, coins, calls FROM usage WHERE product_id = ? AND window_start > ?"
            " ORDER BY window_start DESC, coins DESC",
            product_id,
            start - 13 * times.WEEK,
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
            "window_end": start + times.WEEK,
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
        if now - start >= times.HOUR:
            start, requests = now, 0
        if requests >= self.limits.hourly:
            raise _exhausted(
                f"Rate limit of {self.limits.hourly} requests per hour reached", start + times.HOUR - now
            )
        self._hours[product_id] = (start, requests + 1)

    def _check_budget(self, product_id: str) -> None:
        if self.limits.budget is None or self.limits.overage:
            return
        start = self._window(product_id)
        used = self._store.value(
            "SELECT total(coins) FROM usage WHERE product_id = ? AND window_start = ?", product_id, start
        )
        if used >= self.limits.budget:
            text = f"Coin budget exhausted: {used:.0f} of {self.limits.budget} coins of this week are used"
            raise _exhausted(text, start + times.WEEK - self._clock())

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
        """Return the start of the current week. Weeks begin with the product's creation.

        See docs/onetest-api.md#coins-and-limits.
        """
        created = self._created.get(product_id)
        if created is None:
            created = self._store.value("SELECT created_at FROM products WHERE id = ?", product_id)
            self._created[product_id] = created
        return created + (self._clock() - created) // times.WEEK * times.WEEK


def _classify(method: str, path: str) -> _Operation:
    return next((each for each in _OPERATIONS if method in each.methods and each.path.search(path)), _OTHER)


def _service(path: str) -> str:
    """Return the service of a path. One documented path of the import has no service's prefix.

    See docs/onetest-api.md#paths-of-the-import.
    """
    name = path.split("/")[2]
    return "receiver" if name == "v1" else name[:50]


def _exhausted(text: str, microseconds: int) -> ApiError:
    return exhausted(text, -(-microseconds // times.SECOND))
