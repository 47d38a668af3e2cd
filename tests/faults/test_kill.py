"""``kill -9`` at any moment of a push, then push again: nothing lost, nothing twice, nothing leaked.

A bundle is killed several times over, each push going on where the last one was killed; what any of the kills
lost or doubled would be missing or double at the end. The moments are of the delivery and not of the clock:
the number of requests that have come, and how far the last of them got.
"""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from faults.calls import CALLS
from faults.rig import Rig, collect_reports
from support.onetest import LocalOneTest
from support.proxy import Exchange, Fault, Request

LAUNCH = CALLS[0]
SEED = 20260101


class Plan(NamedTuple):
    """How many cases a bundle has, and how often its push is killed."""

    seed: int
    cases: int
    kills: int


SAMPLE = Plan(SEED, 200, 5)
FULL = [Plan(SEED + number, 2000, 20) for number in range(1, 11)]
PLANS = [
    pytest.param(SAMPLE, id="sample"),
    *(pytest.param(plan, id=f"bundle-{plan.seed - SEED}", marks=pytest.mark.full) for plan in FULL),
]


def reports(cases: int) -> str:
    """Suites of 50; every tenth case fails with a message, every fortieth is skipped."""
    suites = []
    for first in range(0, cases, 50):
        rows = "".join(
            f"<testcase classname='c' name='t{number}' time='0.01'>{_inside(number)}</testcase>"
            for number in range(first, min(first + 50, cases))
        )
        suites.append(f"<testsuite name='s{first}' timestamp='2026-01-01T00:00:00'>{rows}</testsuite>")
    return f"<testsuites>{''.join(suites)}</testsuites>"


def _inside(number: int) -> str:
    if number % 10 == 0:
        return f"<failure message='red {number}'>trace {number}</failure>"
    return "<skipped/>" if number % 40 == 1 else ""


def _status(number: int) -> str:
    return "failed" if number % 10 == 0 else "skipped" if number % 40 == 1 else "passed"


Moment = Callable[[Exchange, Callable[[], None]], None]


def _before_it_acts(_exchange: Exchange, kill: Callable[[], None]) -> None:
    kill()


def _after_it_acted(exchange: Exchange, kill: Callable[[], None]) -> None:
    exchange.forward()
    kill()


def _after_the_answer(exchange: Exchange, kill: Callable[[], None]) -> None:
    exchange.pass_on()
    kill()


MOMENTS: tuple[Moment, ...] = (_before_it_acts, _after_it_acted, _after_the_answer)


class Executioner:
    """The proxy's rule: kills the command at the request of that number."""

    def __init__(self, rig: Rig, number: int, moment: Moment) -> None:
        self._rig, self._left, self._moment = rig, number, moment

    def __call__(self, _: Request) -> Fault | None:
        self._left -= 1
        return self._strike if self._left == 0 else None

    def _strike(self, exchange: Exchange) -> None:
        self._moment(exchange, self._rig.kill)
        exchange.end()


@pytest.mark.parametrize("plan", PLANS)
def test_killed_at_any_moment(onetest: LocalOneTest, tmp_path: Path, plan: Plan) -> None:
    chosen = random.Random(plan.seed)  # noqa: S311 - so that a run can be repeated
    name = f"killed {uuid4()}"
    rig = Rig(tmp_path, onetest)
    try:
        uuid = rig.take_bundle(collect_reports(tmp_path / "collected", onetest, reports(plan.cases)), name)
        options = ("--max-api-calls", "100000")
        # Two calls a case at least, so that each kill comes before the end.
        places = sorted(chosen.sample(range(1, 2 * plan.cases), plan.kills))
        for before, place in zip([0, *places], places, strict=False):
            rig.proxy.rule = Executioner(rig, place - before, chosen.choice(MOMENTS))
            rig.push_until_killed(LAUNCH, *options)
        rig.proxy.rule = None
        done = rig.push(LAUNCH, *options)
        assert (done.code, done.status) == (0, "delivered"), done.stderr[-2000:]
        assert_complete(onetest, uuid, plan.cases)
        before = len(rig.proxy.requests)
        assert rig.push(LAUNCH, *options).status == "delivered"
        assert len(rig.proxy.requests) == before
    finally:
        rig.close()
    rig.nothing_leaked()


def assert_complete(onetest: LocalOneTest, uuid: str, cases: int) -> None:
    assert onetest.launch(uuid)["status"] == "failed"
    items = onetest.items(uuid)
    assert not any(item["status"] == "in_progress" for item in items)
    found = Counter((item["name"], item["status"]) for item in items if item["item_type"] == "STEP")
    assert found == Counter((f"t{number}", _status(number)) for number in range(cases))
    suites = Counter(item["name"] for item in items if item["item_type"] == "SUITE")
    assert suites == Counter(f"s{first}" for first in range(0, cases, 50))
    parents = {item["id"]: item["name"] for item in items}
    for item in items:
        if item["item_type"] == "STEP":
            number = int(item["name"][1:])
            assert parents[item["parent_id"]] == f"s{number - number % 50}"
            if item["status"] == "failed":
                # Logs whose answer was lost are sent again, since entries have no id
                # (docs/onetest-api.md#retrying-a-request).
                logs = {(log["level"], log["message"]) for log in onetest.logs(item["id"])}
                assert logs == {("ERROR", f"red {number}\ntrace {number}")}
