"""Measure what the outputs of ``report`` cost, as ratios within one run.

    python benchmarks/outputs.py [--tests N] [--runs N]

Each round runs every contender once, in turn. Nothing is sent. The ratios are of the processors' seconds.
"""

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import synthetic
from goals import Goal, record
from processes import COMMAND, Cost, bare_environ, in_turns, show

ON_GITHUB: Final = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "shop/shop", "GITHUB_RUN_ID": "1"}
"""Annotations are printed on GitHub."""

OUTPUTS: Final = ("--summary", "s.md", "--json", "o.json", "--save-results", "saved.gz")
JUNIT: Final = ("--junit", "all.xml")


def report(folder: Path, *options: str) -> Cost:
    """Report without sending."""
    annotate = () if options else ("--no-annotate",)
    environ = bare_environ(folder) | ON_GITHUB
    return Cost.of([COMMAND, "report", "--dry-run", *annotate, *options, "report.xml"], folder, environ)


def ratio(one: Sequence[Cost], base: Sequence[Cost]) -> float:
    """Return the median over the rounds of one contender's processor time by another's."""
    return statistics.median(mine.processor / other.processor for mine, other in zip(one, base, strict=True))


def main() -> None:
    """Write the report, measure, print."""
    options = argparse.ArgumentParser(description="What do the outputs of report cost?")
    options.add_argument("--tests", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="onetest-outputs-") as name:
        folder = Path(name)
        synthetic.write(folder / "report.xml", given.tests)
        costs = in_turns(
            {
                "report": partial(report, folder),
                "with outputs": partial(report, folder, *OUTPUTS),
                "with outputs and --junit": partial(report, folder, *OUTPUTS, *JUNIT),
            },
            given.runs,
        )
        saved = (folder / "saved.gz").stat().st_size / 1e6
    print(f"report --dry-run of {given.tests:,} tests:")
    show(costs)
    plain = costs["report"]
    outputs = "summary, annotations, JSON, saved results"
    record(
        [
            Goal(f"report with {outputs} / without", ratio(costs["with outputs"], plain), 1.5),
            Goal("the same and --junit / without", ratio(costs["with outputs and --junit"], plain), 2.5),
            Goal(f"saved results of {given.tests:,} tests", saved, 2, "MB"),
        ]
    )


if __name__ == "__main__":
    main()
