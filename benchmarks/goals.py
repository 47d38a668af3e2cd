"""The goals of the benchmarks. A benchmark prints and records its figures with ``record``.

    python benchmarks/goals.py     print the table of all that were recorded

``BENCH_GOALS`` names the file in which they are recorded; without it they are printed only.
"""

import json
import math
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = "BENCH_GOALS"
_WIDTH: Final = 68


class Goal(NamedTuple):
    """A figure and its goal.

    Attributes:
        name: of the figure, with the peer that it is compared with.
        figure: as measured; NaN if the peer is not installed.
        limit: the largest figure that meets the goal, or the smallest with ``at_least``.
        unit: of both; ``x`` for a ratio.
        at_least: whether a larger figure is better.
    """

    name: str
    figure: float
    limit: float
    unit: str = "x"
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the figure meets the goal."""
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    def __str__(self) -> str:
        """Return the line of the table."""
        goal = f"{'>=' if self.at_least else '<='} {self.limit:g} {self.unit}"
        if math.isnan(self.figure):
            return f"{self.name:{_WIDTH}} {'not installed':>11}{goal:>12}"
        verdict = "met" if self.is_met else "MISSED"
        return f"{self.name:{_WIDTH}} {self.figure:7.2f} {self.unit:3}{goal:>12}  {verdict}"


def record(goals: Iterable[Goal]) -> None:
    """Print goals, and append them to the file of this run."""
    rows = list(goals)
    for goal in rows:
        print(goal)
    if name := os.environ.get(FILE):
        with Path(name).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(goal) + "\n" for goal in rows)
    sys.stdout.flush()


def main() -> None:
    """Print the table of all recorded goals."""
    lines = Path(os.environ[FILE]).read_text(encoding="utf-8").splitlines()
    goals = [Goal(*json.loads(line)) for line in lines]
    print("all goals")
    for goal in goals:
        print(f"  {goal}")
    met = sum(goal.is_met for goal in goals)
    absent = sum(math.isnan(goal.figure) for goal in goals)
    print(f"{len(goals)} goals: {met} met, {len(goals) - met - absent} missed, {absent} without their peer")


if __name__ == "__main__":
    main()
