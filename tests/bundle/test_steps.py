import random

import pytest

from onetest_ci.bundle.steps import BitSet, Steps


def test_a_set_of_numbers() -> None:
    chosen = random.Random(7)  # noqa: S311 - so that a failure can be repeated
    numbers = {chosen.randrange(-2000, 5000) for _ in range(1500)}
    found = BitSet()
    for number in [*numbers, *numbers]:
        found.add(number)
    assert len(found) == len(numbers)
    assert {number for number in range(-2100, 5100) if number in found} == numbers


def test_steps_are_told_apart_by_their_whole_name() -> None:
    steps = Steps()
    names = ["case/17", "case@2/18", "suite/-1", "suite-finish/17", "log/17/0", "log/17/1", "artifact/7.txt"]
    for name in names:
        steps.add({"step": name})
    others = [
        "case/18",
        "case@2/17",
        "suite/1",
        "log/17",
        "log/17/2",
        "log/17/01",
        "case/017",
        "case/+17",
        "case",
    ]
    assert all(name in steps for name in names)
    assert not any(name in steps for name in others)
    assert [steps.count(kind) for kind in ("case", "case@2", "log", "artifact", "plan")] == [1, 1, 2, 1, 0]


def test_what_a_step_carries_is_what_was_told_last() -> None:
    steps = Steps()
    steps.add({"step": "import-sent/1", "open": True})
    steps.add({"step": "import-sent/1", "open": False})
    assert steps.get("import-sent/1")["open"] is False
    assert (steps.get("import-sent/2"), steps.count("import-sent")) == ({}, 1)


@pytest.mark.parametrize("name", ["case/" + "9" * 5000, "case/1/" + "9" * 5000, "case/\u0661", "case/1_0"])
def test_odd_numbers_are_names(name: str) -> None:
    steps = Steps()
    steps.add({"step": name})
    assert name in steps
    assert "case/1" not in steps
