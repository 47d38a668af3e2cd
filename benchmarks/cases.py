"""Measures `cases match` against `inspect` of the same report, in turns. Only the ratios mean anything.

    python benchmarks/cases.py [--tests 100000] [--cases 50000] [--runs 5]

The report is that of ``synthetic.py``. The test cases have the references of the first tests: as collect
spells them, in another style (so that a nearest case is searched for each test), or with other names.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from goals import Goal, record
from processes import COMMAND, Cost, bare_environ, in_turns, ratio, show
from synthetic import SUITE, write

RATIO: Final = 3.0
PEAK: Final = 150.0


def _module(number: int) -> tuple[str, str]:
    area = number - number % SUITE
    return f"tests/area_{area % 16}/test_module_{area // SUITE}.py", f"TestCase.test_returns_empty_{number}"


def linked(number: int) -> str:
    """Return the reference as collect spells it."""
    return ":".join(_module(number))


def dotted(number: int) -> str:
    """Return the reference in another style."""
    return linked(number).replace(".py:", ".").replace("/", ".")


def renamed(number: int) -> str:
    """Return the reference with another method."""
    return f"{linked(number)}_of_old"


STYLES: Final[dict[str, Callable[[int], str]]] = {
    "linked": linked,
    "another style": dotted,
    "renamed": renamed,
}


def write_cases(path: Path, count: int, reference: Callable[[int], str]) -> None:
    """Write test cases as `cases list --format json` does."""
    # Row by row: the memory of this process counts in the peak of those that it starts.
    with path.open("w", encoding="utf-8") as file:
        before = '{"cases": ['
        for number in range(count):
            row = {
                "id": f"3fa1c2d4-7d1e-4c0a-9b7e-{number:012}",
                "title": f"The list of the area is empty, number {number}",
                "automation_test_id": reference(number),
                "identifier": f"TC-{number:04}",
                "execution_type": "automated",
                "priority": "p2",
                "test_category": "functional",
                "status": "ready",
            }
            file.write(before + json.dumps(row))
            before = ", "
        file.write("]}")


def measure(folder: Path, report: Path, cases: int, runs: int) -> list[Goal]:
    """Return the figures of each style of references, as a table and as JSON."""
    run = partial(Cost.of, cwd=folder, environ=bare_environ(folder))
    contenders: dict[str, Callable[[], Cost]] = {"inspect": partial(run, [COMMAND, "inspect", str(report)])}
    for style, reference in STYLES.items():
        file = folder / f"{style}.json"
        write_cases(file, cases, reference)
        match = [COMMAND, "cases", "match", "--cases", str(file), str(report)]
        contenders[f"match: {style}, table"] = partial(run, match)
        contenders[f"match: {style}, JSON"] = partial(run, [*match, "--format", "json"])
    costs = in_turns(contenders, runs)
    show(costs)
    inspect = costs.pop("inspect")
    goals = []
    for name, several in costs.items():
        goals.append(Goal(f"cases {name} / inspect", ratio(several, inspect), RATIO))
        goals.append(Goal(f"peak of cases {name}", max(one.peak for one in several), PEAK, "MiB"))
    return goals


def main() -> None:
    """Write the files, measure, print."""
    options = argparse.ArgumentParser(description="How fast are tests matched with test cases?")
    options.add_argument("--tests", type=int, default=100_000)
    options.add_argument("--cases", type=int, default=50_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        report = folder / "report.xml"
        write(report, given.tests)
        print(f"{given.cases:,} test cases against {given.tests:,} tests:")
        record(measure(folder, report, given.cases, given.runs))


if __name__ == "__main__":
    main()
