"""The history that ``--seed`` writes into a new database: three weeks of an online shop's test runs.

It is the same each time, apart from dates and ids.
"""

import random
import struct
import zlib
from functools import cache
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from onetest_ci.emulator import artifacts, test_cases, times
from onetest_ci.emulator.call import Services
from onetest_ci.emulator.credentials import Caller, Kind, NewKey
from onetest_ci.emulator.metering import Limits, Meter
from onetest_ci.emulator.receiver import launches, statuses
from onetest_ci.emulator.store import pack, unpack

_AGE = 25 * times.DAY + 12 * times.HOUR  # three and a half weeks, so that the current week has launches too
_LAUNCHES = 42
_INTERVAL = 12 * times.HOUR
_NIGHTLY, _PULL_REQUEST, _SMOKE = "Nightly regression", "Pull request", "Production smoke"

_SUITES = {
    "checkout": (
        "TestCheckout",
        "guest_can_pay",
        "address_is_validated",
        "order_is_confirmed",
        "vat_is_shown",
    ),
    "cart": ("TestCart", "item_is_added", "item_is_removed", "quantity_is_limited", "price_is_rounded"),
    "payments": ("TestCards", "visa", "mastercard", "declined_card", "three_d_secure", "refund"),
    "search": ("TestSearch", "finds_by_title", "umlauts_größe", "no_results", "filters_by_price"),
    "account": ("TestLogin", "valid_login", "wrong_password", "locks_after_five", "remembers_device"),
}
_PAYMENTS_BROKEN = range(18, 23)  # the launches in which the tests of payments fail
_INTERRUPTED = (31, "search")  # the launch that ends early, and the suite in which it does
_SMOKE_EVERY, _SMOKE_AT = 7, 5
_FLAKINESS = 0.18
_CASE_OF_DELETED_TEST = 5


class _Case(NamedTuple):
    suite: str
    code_ref: str
    name: str


_CASES = tuple(
    _Case(suite, f"tests/test_{suite}.py:{cls}.test_{name}", f"test_{name}")
    for suite, (cls, *names) in _SUITES.items()
    for name in names
)


def fill(services: Services, product_id: str) -> None:
    """Write builds, environments, test cases, launches, keys and their calls into a new product."""
    chance = random.Random(7)  # noqa: S311 - an example, not a secret
    store, now = services.store, services.clock()
    with store.transaction():
        store.update("products", product_id, {"name": "Online shop", "created_at": now - _AGE})
        environments = _environments(services, product_id)
        sprint = store.row(
            "SELECT sprints.id, release_id FROM sprints JOIN releases ON releases.id = release_id"
        )
        assert sprint is not None  # noqa: S101 - a new product has one
        store.update("releases", sprint["release_id"], {"name": "2.14"})
        for number, case in enumerate(_CASES, 1):
            _test_case(services, product_id, number, case)
        keys = _KeyHistory(services, product_id)
        for number in range(_LAUNCHES):
            name = _SMOKE if number % _SMOKE_EVERY == _SMOKE_AT else _NIGHTLY if number % 2 else _PULL_REQUEST
            start = now - (_LAUNCHES - number) * _INTERVAL + chance.randrange(times.HOUR)
            links = {
                "release_id": sprint["release_id"],
                "sprint_id": sprint["id"],
                "build_id": _build(services, sprint["id"], f"2.14.0-rc.{1 + number // 3}", start),
                "environment_id": environments["production" if name == _SMOKE else "staging"],
            }
            launch = {"product_id": product_id, "name": name, "start_time": start, **links}
            launch_id = _write_launch(services, launch, number, chance)
            keys.report_launch(keys.nightly if name == _NIGHTLY else keys.ci, launch_id)


def _write_launch(services: Services, columns: dict[str, Any], number: int, chance: random.Random) -> int:
    """Write a launch with its items and logs. Return its row id."""
    attributes = {
        "branch": f"feature/shop-{400 + number}" if columns["name"] == _PULL_REQUEST else "main",
        "commit": f"{chance.getrandbits(160):040x}"[:12],
        "ci": "github",
        "build": str(1800 + number),
    }
    columns |= {
        "uuid": str(UUID(int=chance.getrandbits(128), version=4)),
        "mode": "ci",
        "status": "in_progress",
        "attributes": pack([{"key": key, "value": value} for key, value in attributes.items()]),
    }
    launch_id, _ = launches.insert(services.store, columns)
    items = _ItemWriter(services, {**columns, "id": launch_id}, number, chance)
    for suite in ("account", "checkout") if columns["name"] == _SMOKE else _SUITES:
        items.write_suite(suite)
        if (number, suite) == _INTERRUPTED:
            break
    statuses.close_launch(services.store, launch_id, None, items.time + times.SECOND)
    return launch_id


class _ItemWriter:
    """Writes the items of one launch with their logs, one after the other in time.

    Args:
        services: the services that all handlers share.
        launch: the launch's columns.
        number: the launch's place in the history.
        chance: decides durations and flaky failures.
    """

    def __init__(
        self, services: Services, launch: dict[str, Any], number: int, chance: random.Random
    ) -> None:
        self._services, self._launch, self._number, self._chance = services, launch, number, chance
        self.time: int = launch["start_time"] + 2 * times.SECOND

    def write_suite(self, suite: str) -> None:
        """Write a suite with its cases. The interrupted one stays open and has none."""
        container = self._item(f"tests/test_{suite}.py", "SUITE", None)
        if (self._number, suite) == _INTERRUPTED:
            return
        for case in _CASES:
            if case.suite == suite:
                self._case(case, container)
        self._end(container, statuses.status_of_children(self._services.store, container) or "passed")

    def _case(self, case: _Case, container: int) -> None:
        status = self._status(case)
        item = self._item(case.name, "STEP", container, case.code_ref)
        self._log(item, "INFO", f"setup {case.suite}: fresh database, user alice@shop.example")
        if status == "skipped":
            self.time += 3_000
            self._end(item, status, "not on this environment: no test card for 3-D Secure")
            return
        self.time += self._chance.randrange(200_000, 9 * times.SECOND)
        if status == "failed":
            message = "AssertionError: expected status 'confirmed', got 'pending' after 5.0 s"
            self._log(
                item,
                "ERROR",
                f"{_TRACE.format(file=case.code_ref.partition(':')[0], test=case.name)}\nE   {message}",
            )
            self._attach_screenshot(item)
            self._end(item, status, message)
        else:
            self._log(item, "DEBUG", f"{case.name}: done")
            self._end(item, status)

    def _status(self, case: _Case) -> str:
        if case.name == "test_three_d_secure":
            return "skipped"
        if self._number in _PAYMENTS_BROKEN and case.suite == "payments":
            return "failed" if case.name != "test_refund" else "passed"
        is_flaky = case.name == "test_order_is_confirmed" and self._number != _INTERRUPTED[0]
        if is_flaky and self._chance.random() < _FLAKINESS:
            return "failed"
        return "passed"

    def _item(self, name: str, kind: str, parent: int | None, code_ref: str | None = None) -> int:
        row = {
            "launch_id": self._launch["id"],
            "parent_id": parent,
            "uuid": str(uuid4()),
            "name": name,
            "item_type": kind,
        }
        row |= {"status": "in_progress", "has_stats": 1, "code_ref": code_ref, "attributes": "[]"}
        row |= {"parameters": "[]", "retry": 0, "start_time": self.time}
        return self._services.store.insert("items", row)

    def _end(self, item: int, status: str, message: str | None = None) -> None:
        changes = {"status": status, "end_time": self.time, "failure_message": message}
        self._services.store.update("items", item, changes)

    def _log(self, item: int, level: str, message: str, **file: object) -> None:
        row = {
            "launch_id": self._launch["id"],
            "item_id": item,
            "level": level,
            "message": message,
            "time": self.time,
        }
        self._services.store.insert("logs", row | file)

    def _attach_screenshot(self, item: int) -> None:
        with self._services.files.incoming() as incoming:
            incoming.write(_screenshot())
            content = incoming.keep()
        bucket = artifacts.attachments_bucket(self._services, self._launch["product_id"])
        key = f"test-runs/{self._launch['id']}/{item}/screenshot.png"
        stored = artifacts.save_object(self._services, bucket, key, "image/png", content)
        self._log(item, "ERROR", "What the browser showed", file_name="screenshot.png", object_id=stored)


_TRACE = """    def {test}(shop, alice):
        order = shop.checkout(alice, card=VISA)
>       assert wait_for(order.status, 'confirmed', seconds=5)

{file}:42: AssertionError"""


def _environments(services: Services, product_id: str) -> dict[str, str]:
    default: str = services.store.value("SELECT id FROM environments WHERE product_id = ?", product_id)
    staging = {"name": "staging", "endpoint_url": "https://staging.shop.example"}
    services.store.update("environments", default, staging)
    made = {
        "id": str(uuid4()),
        "product_id": product_id,
        "name": "production",
        "is_default": 0,
        "metadata": "{}",
    }
    made |= {"endpoint_url": "https://shop.example", "created_at": services.clock()}
    services.store.insert("environments", made)
    return {"staging": default, "production": str(made["id"])}


def _build(services: Services, sprint_id: str, version: str, time: int) -> str:
    found: str | None = services.store.value("SELECT id FROM builds WHERE version = ?", version)
    if found:
        return found
    build = {"id": str(uuid4()), "sprint_id": sprint_id, "version": version, "status": "active"}
    services.store.insert("builds", build | {"metadata": "{}", "created_at": time})
    return build["id"]


def _test_case(services: Services, product_id: str, number: int, case: _Case) -> None:
    # Some cases have no reference, and one has that of a deleted test: the coverage report shows both.
    reference = (
        None
        if number % 8 == 0
        else case.code_ref
        if number != _CASE_OF_DELETED_TEST
        else "tests/test_cart.py:TestCart.gone"
    )
    fields = {
        "title": case.name.removeprefix("test_").replace("_", " ").capitalize(),
        "execution_type": "automated",
        "test_category": "functional",
        "priority": f"p{number % 4}",
        "status": "ready",
        "automation_test_id": reference,
    }
    test_cases.insert(services.store, product_id, fields, services.clock())


class _KeyHistory:
    """Creates the product's keys and their past calls.

    The server's own code meters the calls, so the coins, the activity log and the last use of each key agree.

    Args:
        services: the services that all handlers share.
        product_id: the new product.
    """

    def __init__(self, services: Services, product_id: str) -> None:
        self._store = services.store
        self._product = product_id
        self._now = 0
        limits = Limits(metering=services.meter.limits.metering)
        self._meter = Meter(services.store, lambda: self._now, limits)
        self._created_at: int = services.store.value(
            "SELECT created_at FROM products WHERE id = ?", product_id
        )
        self.ci = self._key(services, NewKey("GitHub CI", product_id))
        self.nightly = self._key(services, NewKey("Nightly reporter", product_id, "octo_", retention_days=90))
        laptop = self._key(services, NewKey("Laptop, old", product_id))
        for day in range(1, 5):
            self._call(
                laptop,
                self._created_at + day * times.DAY,
                "GET",
                f"/api/membership/api/v1/products/{product_id}",
            )
        self._store.update("api_keys", laptop, {"revoked_at": self._created_at + 5 * times.DAY})

    def report_launch(self, key: int, launch_id: int) -> None:
        """Record the calls of a reporter that sends this launch with this key."""
        rp = f"/api/receiver/api/v2/{self._product}"
        launch = self._store.row("SELECT * FROM launches WHERE id = ?", launch_id)
        assert launch is not None  # noqa: S101 - it was just created
        self._call(key, launch["start_time"], "POST", f"{rp}/launch")
        for item in self._store.rows("SELECT * FROM items WHERE launch_id = ? ORDER BY id", launch_id):
            self._call(key, item["start_time"], "POST", f"{rp}/item")
        for _ in range(2):  # a reporter sends the logs in batches
            self._call(key, launch["end_time"], "POST", f"{rp}/log")
        self._call(key, launch["end_time"], "PUT", f"{rp}/launch/{launch['uuid']}/finish")
        tests = unpack(launch["statistics"])["total"]
        self._meter.charge_ingestion(self._product, key, "test_ingestion", tests)

    def _key(self, services: Services, new: NewKey) -> int:
        key, _ = services.credentials.create(new)
        self._store.update("api_keys", key, {"created_at": self._created_at})
        return key

    def _call(self, key: int, time: int, method: str, path: str) -> None:
        self._now = time
        caller = Caller(Kind.PERSONAL, key)
        status = HTTPStatus.CREATED if method == "POST" else HTTPStatus.OK
        self._meter.log(self._meter.admit(self._product, caller, method, path), status)
        self._store.update("api_keys", key, {"last_used_at": time})


@cache
def _screenshot() -> bytes:
    """Return a PNG that looks like a page of the shop with an error on it."""
    width, height = 480, 270
    canvas = [bytearray(bytes((250, 250, 249)) * width) for _ in range(height)]
    for left, top, right, bottom, colour in _RECTANGLES:
        for row in canvas[top:bottom]:
            row[3 * left : 3 * right] = bytes(colour) * (right - left)
    pixels = zlib.compress(b"".join(b"\0" + row for row in canvas), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header), _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# Left, top, right, bottom, colour; later ones lie on top.
_RECTANGLES: tuple[tuple[int, int, int, int, tuple[int, int, int]], ...] = (
    (0, 0, 480, 32, (52, 81, 199)),
    (14, 11, 90, 21, (255, 255, 255)),
    (40, 46, 440, 92, (253, 226, 226)),
    (60, 58, 330, 66, (198, 47, 54)),
    (60, 74, 240, 80, (224, 140, 140)),
    *((40, 110 + 34 * row, 120, 134 + 34 * row, (222, 222, 216)) for row in range(4)),
    *((134, 114 + 34 * row, 300 - 20 * row, 122 + 34 * row, (170, 172, 178)) for row in range(4)),
    (330, 114, 440, 240, (238, 238, 234)),
)
