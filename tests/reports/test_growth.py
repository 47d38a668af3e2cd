"""The work of reading a report grows with its size, and not with the square of it.

Work is counted and not timed: lines of the package that are run, and characters of the results. What regular
expressions do is not counted there; ``tests/test_patterns.py`` looks at their structure.
"""

from collections.abc import Callable

import pytest

from support.growing import NAMES, WAYS, Measured, measured

SIZE = 6


def grows_with_its_square(once: int, twice: int, four_times: int) -> bool:
    """Linear work grows by twice as much in the second step, work with the square by four times as much."""
    return four_times - twice > 2.5 * (twice - once) + once / 4


@pytest.mark.parametrize(
    ("once", "twice", "four_times", "expected"),
    [(100, 200, 400, False), (100, 101, 99, False), (4, 16, 64, True)],
)
def test_what_counts_as_growth(once: int, twice: int, four_times: int, *, expected: bool) -> None:
    assert grows_with_its_square(once, twice, four_times) is expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", WAYS)
def test_work_grows_with_the_report(name: str, way: str) -> None:
    make: Callable[[str, int], bytes] = WAYS[way]
    # Modules are imported, and caches filled, by the first.
    measured(make(name, 1))
    once, twice, four_times = (measured(make(name, size)) for size in (SIZE, 2 * SIZE, 4 * SIZE))
    assert once.lines > 0
    for what in Measured._fields if way != "deep nesting" else ("lines",):
        values = [getattr(one, what) for one in (once, twice, four_times)]
        assert not grows_with_its_square(*values), (what, values)
