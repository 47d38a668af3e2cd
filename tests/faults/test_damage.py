"""Damage at random places of a bundle is refused, or harmless: the same is delivered, and once.

Most places are looked at in this process: a bundle that is not refused must hold what it held, and its log
what was acknowledged. Fewer are pushed by the command, and what OneTest then holds is read back.
"""

import json
import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import pytest

from faults.calls import CALLS, Call
from faults.onetest_state import State
from faults.rig import Rig
from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.steps import Step
from onetest_ci.bundle.verification import verify
from onetest_ci.errors import BundleError
from support.bundles import edit_manifest
from support.command import run
from support.damage import damage
from support.onetest import LocalOneTest
from support.proxy import HangUp, Request

SEED: Final = 20260202
STAGES: Final = ("new", "launch", "import")
"""How far the bundle was delivered before it was damaged."""
CODES: Final = {
    *("bad-bundle", "no-bundle", "newer-bundle", "older-bundle", "bad-delivery-log"),
    "harmless",
}


class Plan(NamedTuple):
    """How many places are damaged, in a bundle of which stage; of each in turn where it is empty."""

    seed: int
    places: int
    stage: str = ""


PLACES: Final = [
    pytest.param(Plan(SEED, 60), id="sample"),
    pytest.param(Plan(SEED + 1, 1000), id="full", marks=pytest.mark.full),
]
PUSHES: Final = [
    *(pytest.param(Plan(SEED + 2, 3, stage), id=f"sample-{stage}") for stage in STAGES),
    *(
        pytest.param(Plan(SEED + 3, 60, stage), id=f"full-{stage}", marks=pytest.mark.full)
        for stage in STAGES
    ),
]
PRODUCED: Final = Path(__file__).parents[1] / "data" / "produced"
LAUNCH, IMPORT = CALLS[0], CALLS[-1]


def is_artifact(request: Request) -> bool:
    return request.method in {"PUT", "POST"} and "/artifacts/" in request.path


def begin(rig: Rig, stage: str, chosen: random.Random, requests: int) -> None:
    """Deliver a part of a bundle, so that it has a log."""
    if stage == "launch":
        # The first of all runs also makes the bucket.
        rig.proxy.hang_up_from(chosen.randrange(6, requests - 2), after_acting=False)
        assert rig.push(LAUNCH, "--max-api-calls", "100000").code == 4
    elif stage == "import":
        rig.proxy.rule = lambda request: HangUp() if is_artifact(request) else None
        assert rig.push(IMPORT).code == 4
    rig.proxy.rule = None


@pytest.fixture(scope="module")
def bundles(onetest: LocalOneTest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A bundle of real reports at each stage."""
    place = tmp_path_factory.mktemp("real")
    for name in (
        "pytest",
        "playwright-json",
        "go-json",
        "robot-output",
        "cucumber-json",
        "allure-pytest",
        "gradle",
    ):
        shutil.copytree(PRODUCED / name / "reports", place / "reports" / name)
    (place / "app.log").write_text("a log\n" * 500, encoding="utf-8")
    (place / "shot.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    (place / "reports" / "own.xml").write_text(
        "<testsuite name='s'><testcase classname='c' name='t'><failure message='red'/><system-out>"
        "[[ATTACHMENT|../shot.png]] [[ATTACHMENT|../app.log]]</system-out></testcase></testsuite>"
    )
    done = run("collect", "reports", "--artifacts", "*.log", "--bundle", "bundle", cwd=place)
    assert done.returncode == 0, done.stderr
    found = {}
    for stage in STAGES:
        rig = Rig(tmp_path_factory.mktemp(stage), onetest)
        try:
            shutil.copytree(place / "bundle", rig.bundle)
            edit_manifest(rig.bundle, launch_uuid=str(uuid4()))
            begin(rig, stage, random.Random(SEED), 60)  # noqa: S311 - so that a run can be repeated
        finally:
            rig.close()
        found[stage] = rig.bundle
    return found


def steps_of(bundle: Path) -> list[str]:
    log = bundle / "delivery.jsonl"
    return [json.loads(line)["step"] for line in log.read_bytes().splitlines()] if log.exists() else []


def sent_of(directory: Path, steps: list[str]) -> list[Any]:
    """What a push would send of a bundle, and what it takes for sent already."""
    bundle = Bundle.open(directory)
    verify(bundle)
    log = DeliveryLog(directory, bundle.digest)
    results = list(bundle.results())
    files = {file.file: (directory / file.file).read_bytes() for file in bundle.manifest.files}
    acknowledged = [Step.parse(step) for step in steps]
    kinds = {(step.kind, step.part) for step in acknowledged}
    recorded = [(log.done(step), log.get(step)) for step in acknowledged]
    return [bundle.manifest, results, files, recorded, {kind: log.count(*kind) for kind in kinds}]


def refusal_of(directory: Path, steps: list[str], expected: list[Any]) -> str:
    """The error's code; empty when the bundle is taken, and is as it was."""
    try:
        sent = sent_of(directory, steps)
    except BundleError as error:
        return error.code if error.message and error.hint else ""
    assert sent == expected
    return "harmless"


@pytest.mark.parametrize("plan", PLACES)
def test_damage_at_random_places(
    plan: Plan, bundles: dict[str, Path], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chosen = random.Random(plan.seed)  # noqa: S311 - so that a run can be repeated
    whole = {stage: sent_of(bundle, steps_of(bundle)) for stage, bundle in bundles.items()}
    codes = Counter[str]()
    for number in range(plan.places):
        stage = STAGES[number % len(STAGES)]
        copy = tmp_path / str(number)
        shutil.copytree(bundles[stage], copy)
        what = damage(copy, chosen)
        code = refusal_of(copy, steps_of(bundles[stage]), whole[stage])
        assert code in CODES, f"{stage}: {what}"
        codes[code] += 1
        shutil.rmtree(copy)
    record_property("damage", f"seed {plan.seed}, {plan.places} places: {dict(codes.most_common())}")


class Delivered(NamedTuple):
    """What OneTest holds of a bundle that was not damaged, and the number of requests."""

    state: State
    requests: int


@pytest.fixture(scope="module")
def untroubled(
    onetest: LocalOneTest, collected: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[Call, Delivered]:
    found = {}
    for call in (LAUNCH, IMPORT):
        rig = Rig(tmp_path_factory.mktemp(call.mode), onetest)
        name = f"undamaged {call.mode}"
        rig.take_bundle(collected, name)
        result = rig.push(call)
        rig.close()
        assert (result.code, result.status) == (0, "delivered"), result.text
        found[call] = Delivered(rig.state(name, call), len(rig.proxy.requests))
    return found


def push_damaged(rig: Rig, call: Call, name: str, what: str, expected: State) -> str:
    """Push; the error's code, or that all is there once."""
    held, before = rig.state(name, call), len(rig.proxy.requests)
    result = rig.push(call)
    if result.code == 0:
        assert (result.status, rig.state(name, call)) == ("delivered", expected), what
        return "harmless"
    (code,) = re.findall(r"^onetest-ci: error\[([a-z-]+)\]: .+\n  \S.+$", result.stderr, re.MULTILINE)
    assert (result.code, len(rig.proxy.requests), rig.state(name, call)) == (4, before, held), what
    return str(code)


@pytest.mark.parametrize("plan", PUSHES)
def test_damaged_bundles_are_pushed(
    plan: Plan,
    collected: Path,
    untroubled: dict[Call, Delivered],
    begun: Callable[[], Rig],
    record_property: Callable[[str, object], None],
) -> None:
    chosen = random.Random(f"{plan.seed} {plan.stage}")  # noqa: S311 - so that a run can be repeated
    call = IMPORT if plan.stage == "import" else LAUNCH
    expected = untroubled[call]
    codes = Counter[str]()
    for _ in range(plan.places):
        rig, name = begun(), f"damaged {uuid4()}"
        rig.take_bundle(collected, name)
        begin(rig, plan.stage, chosen, expected.requests)
        what = damage(rig.bundle, chosen)
        code = push_damaged(rig, call, name, what, expected.state)
        assert code in CODES, what
        codes[code] += 1
    record_property(
        "damage", f"seed {plan.seed}, {plan.places} pushes of {plan.stage}: {dict(codes.most_common())}"
    )


@pytest.fixture
def begun(tmp_path: Path, onetest: LocalOneTest) -> Iterator[Callable[[], Rig]]:
    """Make a place to push from."""
    rigs: list[Rig] = []

    def make() -> Rig:
        place = tmp_path / str(len(rigs))
        place.mkdir()
        rigs.append(Rig(place, onetest))
        return rigs[-1]

    yield make
    for rig in rigs:
        rig.close()
