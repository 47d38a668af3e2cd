import random

import pytest

from onetest_ci.bundle.steps import BitSet, Kind, Step, StepSet

STEPS = {
    "plan": Step(Kind.PLAN),
    "launch-finish@2": Step(Kind.LAUNCH_FINISH, part=2),
    "case/17": Step(Kind.CASE, 17),
    "case@2/18": Step(Kind.CASE, 18, part=2),
    "suite/-1": Step(Kind.SUITE, -1),
    "suite-finish/17": Step(Kind.SUITE_FINISH, 17),
    "log/17/0": Step(Kind.LOG, 17, 0),
    "log/17/1": Step(Kind.LOG, 17, 1),
    "artifact/7.txt": Step(Kind.ARTIFACT, name="7.txt"),
    "artifact/7": Step(Kind.ARTIFACT, name="7"),
    "artifact/a/b@2": Step(Kind.ARTIFACT, name="a/b@2"),
    "artifact/": Step(Kind.ARTIFACT),
}


@pytest.mark.parametrize(("key", "step"), STEPS.items(), ids=STEPS)
def test_a_step_has_one_key(key: str, step: Step) -> None:
    assert (step.key, Step.parse(key)) == (key, step)


@pytest.mark.parametrize(
    "key",
    [
        *("", "/", "odd", "odd/1", "case/x", "case/+17", "case/017", "case/1/", "case/1/01", "case/1/2/3"),
        *("case@1/1", "case@/1", "case@x/1", "case/\u0661", "case/1_0", "case/" + "9" * 5000, "artifact"),
        *("plan/", "plan@02", "case/1/" + "9" * 5000),
    ],
)
def test_a_key_that_no_step_has(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the number or the kind may be the reason
        Step.parse(key)


def test_a_set_of_numbers() -> None:
    chosen = random.Random(7)  # noqa: S311 - so that a failure can be repeated
    numbers = {chosen.randrange(-2000, 5000) for _ in range(1500)}
    found = BitSet()
    for number in [*numbers, *numbers]:
        found.add(number)
    assert len(found) == len(numbers)
    assert {number for number in range(-2100, 5100) if number in found} == numbers


def test_a_set_of_steps_contains_no_others() -> None:
    steps = StepSet()
    for step in STEPS.values():
        steps.add(step, {})
    others = [
        *(Step(Kind.CASE, 18), Step(Kind.CASE, 17, part=2), Step(Kind.CASE), Step(Kind.SUITE, 1)),
        *(Step(Kind.LOG, 17), Step(Kind.LOG, 17, 2), Step(Kind.DELIVERED), Step(Kind.LAUNCH_FINISH)),
    ]
    assert all(step in steps for step in STEPS.values())
    assert not any(step in steps for step in others)
    counted = [(Kind.CASE, 1), (Kind.CASE, 2), (Kind.LOG, 1), (Kind.ARTIFACT, 1), (Kind.DELIVERED, 1)]
    assert [steps.count(*one) for one in counted] == [1, 1, 2, 4, 0]


def test_a_step_carries_the_data_that_were_recorded_last() -> None:
    steps, sent = StepSet(), Step(Kind.IMPORT_SENT, 1)
    steps.add(sent, {"open": True})
    steps.add(sent, {"open": False})
    assert steps.get(sent) == {"open": False}
    assert (steps.get(Step(Kind.IMPORT_SENT, 2)), steps.count(Kind.IMPORT_SENT, 1)) == ({}, 1)
