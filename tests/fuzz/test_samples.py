"""A short, fixed part of the fuzzing; ``make fuzz`` runs it for as long as you like."""

import random
from pathlib import Path

import pytest

from fuzz.samples import mutated, native, own
from fuzz.target import check

FOUND = sorted(Path(__file__).with_name("found").iterdir())
CHANGES_OF_EACH = 60


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_fuzzing_found(path: Path) -> None:
    check(path.read_bytes())


@pytest.mark.parametrize("number", range(len(own()) + len(native())))
def test_changed_reports(number: int, tmp_path: Path) -> None:
    seed = [*own(), *native()][number]
    check(seed)
    choose = random.Random(number)  # noqa: S311 - the same inputs each time
    for _ in range(CHANGES_OF_EACH):
        data = mutated(seed, choose)
        # Here it stays when the check fails.
        (tmp_path / "input").write_bytes(data)
        check(data)
